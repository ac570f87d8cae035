package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.server.RecordingEvents.Kind;
import io.httpkit.server.ScriptedPeer.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that come before the one in front of them is answered. RFC 9112 §9.3.2. */
class PipeliningTest {
  @RegisterExtension final NothingLeft servers = new NothingLeft();

  private static String get(String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }

  /** Answers on the loop, on a worker, or later, as the path says. */
  private static final class Mixed implements Handler {
    @Override
    public Response handle(Request request) {
      Response response = Response.text(request.target() + request.text());
      return request.path().startsWith("/later")
          ? Response.async(CompletableFuture.supplyAsync(() -> response))
          : request.path().startsWith("/stream")
              ? Response.parts(List.of(request.target(), request.text()))
              : response;
    }

    @Override
    public boolean isNonBlocking(Request request) {
      return request.path().startsWith("/loop");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/loop", "/worker", "/later", "/stream"})
  void answersTwentyRequestsOfOneWriteInTheirOrder(String path) throws Exception {
    ScriptedPeer peer = servers.connect(servers.start(new Mixed()));
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      all.append(get(path + i));
    }
    peer.send(all.toString());
    for (int i = 0; i < 20; i++) {
      assertThat(peer.read().text()).isEqualTo(path + i);
    }
  }

  @Test
  void answersTwoRequestsOneByteAtATime() throws Exception {
    ScriptedPeer peer = servers.connect(servers.start(new Mixed()));
    String post = "POST /worker HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
    peer.sendByteByByte(post + get("/loop") + post);
    assertThat(peer.read().text()).isEqualTo("/workerabc");
    assertThat(peer.read().text()).isEqualTo("/loop");
    assertThat(peer.read().text()).isEqualTo("/workerabc");
  }

  @Test
  void keepsTheOrderWhoeverAnswers() throws Exception {
    ScriptedPeer peer = servers.connect(servers.start(new Mixed()));
    Random random = new Random(1);
    String[] paths = {"/loop", "/worker", "/later", "/stream"};
    List<String> expected = new ArrayList<>();
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      String target = paths[random.nextInt(paths.length)] + i;
      if (random.nextBoolean()) {
        all.append(get(target));
        expected.add(target);
      } else {
        String body = "x".repeat(random.nextInt(300));
        all.append("POST ").append(target).append(" HTTP/1.1\r\nHost: a\r\nContent-Length: ");
        all.append(body.length()).append("\r\n\r\n").append(body);
        expected.add(target + body);
      }
    }
    CompletableFuture<Void> sent =
        CompletableFuture.runAsync(
            () -> {
              try {
                peer.send(all.substring(0, 20_000));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    sent.get(20, TimeUnit.SECONDS);
    int next = 20_000;
    for (String text : expected) {
      if (next < all.length()) {
        int step = Math.min(1 + random.nextInt(1000), all.length() - next);
        peer.send(all.substring(next, next + step));
        next += step;
      }
      assertThat(peer.read().text()).isEqualTo(text);
    }
  }

  @Test
  void doesNotBeginARequestBeforeTheOneInFrontIsAnswered() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    Semaphore leave = new Semaphore(0);
    HttpServer server =
        servers.start(
            request -> {
              entered.countDown();
              assertThat(leave.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
              return Response.text(request.target());
            });
    ScriptedPeer peer = servers.connect(server).send(get("/1") + get("/2"));
    assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(peer.hasWithin(Duration.ofMillis(200))).isFalse();
    assertThat(servers.events.count(Kind.REQUEST)).isEqualTo(1);
    leave.release(2);
    assertThat(peer.read().text()).isEqualTo("/1");
    assertThat(peer.read().text()).isEqualTo("/2");
  }

  /** What a peer sends without reading is bounded by what the sockets and the queue hold. */
  @ParameterizedTest
  @ValueSource(strings = {"/loop", "/worker"})
  void isNotFloodedByAPeerThatDoesNotRead(String path) throws Exception {
    AtomicInteger handled = new AtomicInteger();
    Mixed mixed = new Mixed();
    String answer = "y".repeat(2000);
    HttpServer server =
        servers.start(
            new Handler() {
              @Override
              public Response handle(Request request) {
                handled.incrementAndGet();
                return Response.text(answer);
              }

              @Override
              public boolean isNonBlocking(Request request) {
                return mixed.isNonBlocking(request);
              }
            });
    ScriptedPeer peer = servers.connectNarrow(server);
    int count = 10_000;
    byte[] all = get(path).repeat(count).getBytes(StandardCharsets.US_ASCII);
    int sent = 0;
    int stuck = 0;
    while (sent < all.length && stuck < 3) {
      int step = peer.offer(Arrays.copyOfRange(all, sent, all.length));
      sent += step;
      stuck = step == 0 ? stuck + 1 : 0;
      if (step == 0) {
        CompletableFuture.runAsync(
                () -> {}, CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS))
            .get(20, TimeUnit.SECONDS);
      }
    }
    // 20 MB of answers: only those that fit into sockets and queue have been made
    assertThat(handled.get()).isLessThan(8_000);
    int answered = 0;
    while (answered < count) {
      if (sent < all.length) {
        sent += peer.offer(Arrays.copyOfRange(all, sent, Math.min(sent + 4096, all.length)));
      }
      Reply reply = peer.read();
      assertThat(reply.body()).hasSize(answer.length());
      answered++;
    }
    assertThat(handled).hasValue(count);
  }

  @Test
  void looksAheadNoFurtherThanItsBound() throws Exception {
    CompletableFuture<Response> later = new CompletableFuture<>();
    HttpServer server = servers.start(request -> Response.async(later));
    ScriptedPeer peer = servers.connect(server).send(get("/"));
    servers.events.await(Kind.REQUEST);
    byte[] rest = get("/").repeat(1000).getBytes(StandardCharsets.US_ASCII);
    long taken = 0;
    int refusals = 0;
    while (refusals < 2) {
      int step = peer.offer(rest);
      taken += step;
      refusals = step > 0 ? 0 : refusals + 1;
      // what the sockets hold is the system's affair; that it ends is the server's
      assertThat(taken).isLessThan(100_000_000);
      if (step == 0) {
        assertThat(peer.hasWithin(Duration.ofMillis(200))).isFalse();
      }
    }
    assertThat(servers.events.count(Kind.REQUEST)).isEqualTo(1);
    later.complete(Response.text("x"));
    assertThat(peer.read().text()).isEqualTo("x");
  }

  @Test
  void noticesThatTheClientIsGoneWhileARequestIsHandled() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    HttpServer server =
        servers.start(
            request -> {
              entered.countDown();
              assertThat(leave.await(20, TimeUnit.SECONDS)).isTrue();
              return Response.text("late");
            });
    ScriptedPeer peer = servers.connect(server).send(get("/") + get("/behind"));
    assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
    peer.reset();
    servers.events.await(Kind.CLOSE);
    assertThat(server.connections()).isZero();
    assertThat(server.activeRequests()).isZero();
    leave.countDown();
    assertThat(servers.connect(server).send(get("/")).read().text()).isEqualTo("late");
    assertThat(servers.events.count(Kind.REQUEST)).isEqualTo(2);
  }

  @Test
  void answersAClientThatSendsNothingMore() throws Exception {
    HttpServer server = servers.start(new Mixed());
    for (String path : List.of("/loop", "/worker", "/later", "/stream")) {
      ScriptedPeer peer = servers.connect(server).send(get(path) + get(path)).halfClose();
      assertThat(peer.read().text()).isEqualTo(path);
      assertThat(peer.read().text()).isEqualTo(path);
      peer.expectEof();
    }
    servers.events.await(Kind.CLOSE, 4);
  }

  @Test
  void closesWithoutAnAnswerBehindAnIncompleteRequest() throws Exception {
    HttpServer server = servers.start(new Mixed());
    for (String input :
        List.of("", "GET / HT", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc")) {
      servers.connect(server).send(input).halfClose().expectEof();
    }
    servers.events.await(Kind.CLOSE, 3);
    assertThat(servers.events.count(Kind.RESPONSE)).isZero();
  }
}
