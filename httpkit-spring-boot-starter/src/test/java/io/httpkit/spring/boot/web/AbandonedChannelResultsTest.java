package io.httpkit.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.client.ClientConfig;
import io.httpkit.client.HttpClient;
import io.httpkit.spring.boot.support.RawConnection;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/** Channels that close while what their methods returned is still to come. */
class AbandonedChannelResultsTest {
  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "GET /opening HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /messages HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nmono",
      })
  void ofSubscriptionsAreCancelledWithoutAnError(String request) {
    run(
        (web, seen) -> {
          RawConnection peer = new RawConnection(web.port());
          peer.sendBytes(request);
          assertThat(seen.called.await(20, TimeUnit.SECONDS)).isTrue();
          peer.reset();
          assertThat(seen.cancelled.await(20, TimeUnit.SECONDS)).isTrue();
          assertThat(seen.errors).isEmpty();
        });
  }

  @Test
  void ofAWebSocketAreCancelledAndStagesAreNot() {
    run(
        (web, seen) -> {
          seen.closing.complete("done");
          try (HttpClient client = HttpClient.create(ClientConfig.builder().build())) {
            AsyncChannel channel = open(client, web);
            channel.send("stage");
            channel.send("mono");
            assertThat(seen.called.await(20, TimeUnit.SECONDS)).isTrue();
            channel.close();
            assertThat(seen.cancelled.await(20, TimeUnit.SECONDS)).isTrue();
          }
          assertThat(seen.ended.await(20, TimeUnit.SECONDS)).isTrue();
          assertThat(seen.stage).isNotDone();
          assertThat(seen.errors).isEmpty();
        });
  }

  /** What is to be done at the end is not part of what the end makes needless. */
  @Test
  void ofTheMethodForTheEndAreDone() {
    run(
        (web, seen) -> {
          try (HttpClient client = HttpClient.create(ClientConfig.builder().build())) {
            open(client, web).close();
          }
          assertThat(seen.called.await(20, TimeUnit.SECONDS)).isTrue();
          seen.closing.complete("done");
          assertThat(seen.ended.await(20, TimeUnit.SECONDS)).isTrue();
        });
  }

  /** Also one that looks as if it had been cancelled: its channel is open. */
  @Test
  void thatFailWhileTheChannelIsOpenAreErrors() {
    run(
        (web, seen) -> {
          assertThat(web.send("POST", "/messages", "fail").body()).isEqualTo("failed");
          assertThat(seen.errors).hasSize(1);
        });
  }

  private static AsyncChannel open(HttpClient client, WebApp web) throws Exception {
    return client
        .webSocket("ws://localhost:" + web.port() + "/messages")
        .open(new ChannelListener() {})
        .get(20, TimeUnit.SECONDS);
  }

  private interface Check {
    void accept(WebApp web, Seen seen) throws Exception;
  }

  private static void run(Check check) {
    WebApp.with(App.class)
        .run(context -> check.accept(WebApp.in(context), context.getBean(Seen.class)));
  }

  /** What has happened, and what is waited for. */
  static final class Seen {
    final CountDownLatch called = new CountDownLatch(1);
    final CountDownLatch cancelled = new CountDownLatch(1);
    final CountDownLatch ended = new CountDownLatch(1);
    final BlockingQueue<Throwable> errors = new LinkedBlockingQueue<>();
    final CompletableFuture<String> stage = new CompletableFuture<>();
    final CompletableFuture<String> closing = new CompletableFuture<>();

    Mono<String> never() {
      return Mono.<String>never()
          .doOnSubscribe(unused -> called.countDown())
          .doOnCancel(cancelled::countDown);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class App {
    @Bean
    Seen seen() {
      return new Seen();
    }

    @Bean
    Opening opening(Seen seen) {
      return new Opening(seen);
    }

    @Bean
    Messages messages(Seen seen) {
      return new Messages(seen);
    }
  }

  @ChannelMapping("/opening")
  record Opening(Seen seen) {
    @OnOpen
    Mono<String> open() {
      return seen.never();
    }

    @OnError
    void error(Throwable error) {
      seen.errors.add(error);
    }
  }

  @ChannelMapping("/messages")
  record Messages(Seen seen) {
    @OnMessage
    Object message(String text) {
      return switch (text) {
        case "mono" -> seen.never();
        case "stage" -> seen.stage;
        default -> Mono.error(new CancellationException("of its own"));
      };
    }

    @OnError
    String error(Throwable error) {
      seen.errors.add(error);
      return "failed";
    }

    @OnClose
    Mono<String> close() {
      return Mono.fromFuture(seen.closing)
          .doOnSubscribe(unused -> seen.called.countDown())
          .doOnNext(unused -> seen.ended.countDown());
    }
  }
}
