package io.httpkit.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.spring.boot.support.Ended;
import io.httpkit.spring.boot.support.RawConnection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Clients that leave while a result is still to come. */
class AbandonedResultsTest {
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"/mono", "/monoOfEntity", "/flux", "/publisher"})
  void ofSubscriptionsAreCancelledWithoutAnError(String path) {
    WebApp.with(App.class)
        .run(
            context -> {
              Api api = context.getBean(Api.class);
              RawConnection peer = new RawConnection(WebApp.in(context).port());
              peer.send("GET " + path + " HTTP/1.1", "Host: a");
              assertThat(api.called.await(20, TimeUnit.SECONDS)).isTrue();
              peer.reset();
              assertThat(api.cancelled.await(20, TimeUnit.SECONDS)).isTrue();
              context.getBean(Ended.class).await(1);
              assertThat(context.getBean(ReportedErrors.class).errors).isEmpty();
            });
  }

  /** The handler may have given the same stage to others, and here it has. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"/stage", "/entity"})
  void ofStagesAreLeftToWhoeverElseWaits(String path) {
    WebApp.with(App.class)
        .run(
            context -> {
              Api api = context.getBean(Api.class);
              RawConnection leaving = new RawConnection(WebApp.in(context).port());
              leaving.send("GET " + path + " HTTP/1.1", "Host: a");
              assertThat(api.called.await(20, TimeUnit.SECONDS)).isTrue();
              leaving.reset();
              context.getBean(Ended.class).await(1);

              try (RawConnection staying = new RawConnection(WebApp.in(context).port())) {
                staying.send("GET " + path + " HTTP/1.1", "Host: a", "Connection: close");
                assertThat(api.shared).isNotDone();
                api.shared.complete("cached");
                assertThat(staying.line()).isEqualTo("HTTP/1.1 200 OK");
                assertThat(staying.all()).endsWith("cached");
              }
              assertThat(context.getBean(ReportedErrors.class).errors).isEmpty();
            });
  }

  @Configuration(proxyBeanMethods = false)
  static class App {
    @Bean
    Api api() {
      return new Api();
    }

    @Bean
    ReportedErrors reported() {
      return new ReportedErrors();
    }

    @Bean
    Ended ended() {
      return new Ended();
    }
  }

  @HttpKitController
  static class Api {
    final CountDownLatch called = new CountDownLatch(1);
    final CountDownLatch cancelled = new CountDownLatch(1);

    final CompletableFuture<String> shared = new CompletableFuture<>();

    @GetMapping("/stage")
    CompletionStage<String> stage() {
      called.countDown();
      return shared;
    }

    @GetMapping("/entity")
    CompletableFuture<ResponseEntity<String>> entity() {
      called.countDown();
      return shared.thenApply(ResponseEntity::ok);
    }

    @GetMapping("/mono")
    Mono<String> mono() {
      return Mono.<String>never()
          .doOnSubscribe(unused -> called.countDown())
          .doOnCancel(cancelled::countDown);
    }

    @GetMapping("/monoOfEntity")
    Mono<ResponseEntity<String>> monoOfEntity() {
      return mono().map(ResponseEntity::ok);
    }

    @GetMapping("/publisher")
    Flow.Publisher<String> publisher() {
      return subscriber ->
          subscriber.onSubscribe(
              new Flow.Subscription() {
                @Override
                public void request(long n) {
                  called.countDown();
                }

                @Override
                public void cancel() {
                  cancelled.countDown();
                }
              });
    }

    @GetMapping("/flux")
    Flux<String> flux() {
      return Flux.<String>never()
          .doOnSubscribe(unused -> called.countDown())
          .doOnCancel(cancelled::countDown);
    }
  }
}
