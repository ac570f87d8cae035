package io.httpkit.server;

import static io.httpkit.server.RecordingListener.readHead;
import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.CloseStatus;
import io.httpkit.channel.CloseStatus.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that leave while their answer is still to come. */
class VanishedClientTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  private final RecordingListener listener = new RecordingListener();

  /** How a client leaves. */
  private enum Leaving {
    SHUTS_ITS_END {
      @Override
      void leave(ScriptedPeer peer) throws IOException {
        peer.halfClose();
      }
    },
    CLOSES {
      @Override
      void leave(ScriptedPeer peer) throws IOException {
        peer.close();
      }
    },
    RESETS {
      @Override
      void leave(ScriptedPeer peer) throws IOException {
        peer.reset();
      }
    };

    abstract void leave(ScriptedPeer peer) throws IOException;
  }

  /** Also what a request behind this one would be. */
  private static String pipelined(boolean more) {
    return more ? GET + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n" : GET;
  }

  private void assertGone(HttpServer server) throws Exception {
    CloseStatus status = listener.awaitClose();
    assertThat(status.kind()).isEqualTo(Kind.CLIENT_CLOSE);
    assertThat(status.code()).isEqualTo(-1);
    servers.events.await(RecordingEvents.Kind.CLOSE, 1);
    assertThat(server.connections()).isZero();
    assertThat(server.activeRequests()).isZero();
    assertThat(listener.calls).containsExactly("init", "open", "close CLIENT_CLOSE");
    ScriptedPeer other = servers.connect(server).send(GET);
    listener.awaitOpen().send("next");
    assertThat(other.read().text()).isEqualTo("next");
  }

  @ParameterizedTest
  @EnumSource
  void isNoticedWhileNothingIsSent(Leaving leaving) throws Exception {
    for (boolean more : new boolean[] {false, true}) {
      RecordingListener polled = new RecordingListener();
      HttpServer server = servers.start(request -> request.asChannel(polled));
      ScriptedPeer peer = servers.connect(server).send(pipelined(more));
      AsyncChannel channel = polled.awaitOpen();
      leaving.leave(peer);

      assertThat(polled.awaitClose().kind()).isEqualTo(Kind.CLIENT_CLOSE);
      assertThat(channel.isOpen()).isFalse();
      assertThat(channel.send("late")).isFalse();
      assertThat(channel.close()).isFalse();
      assertThat(polled.calls).containsExactly("init", "open", "close CLIENT_CLOSE");
    }
  }

  @ParameterizedTest
  @EnumSource
  void leavesNothingBehind(Leaving leaving) throws Exception {
    HttpServer server = servers.start(request -> request.asChannel(listener));
    ScriptedPeer peer = servers.connect(server).send(GET);
    listener.awaitOpen();
    leaving.leave(peer);
    assertGone(server);
  }

  @ParameterizedTest
  @EnumSource
  void isNoticedInTheMiddleOfAStream(Leaving leaving) throws Exception {
    HttpServer server = servers.start(request -> request.asChannel(listener));
    ScriptedPeer peer = servers.connect(server).send(GET);
    AsyncChannel channel = listener.awaitOpen();
    channel.send("first", false);
    readHead(peer);
    peer.expect("5\r\nfirst\r\n");
    leaving.leave(peer);
    assertGone(server);
  }

  @ParameterizedTest
  @EnumSource
  void isNoticedByAChannelThatIsOpenedLater(Leaving leaving) throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    HttpServer server =
        servers.start(
            request -> {
              assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
              return request.asChannel(listener);
            },
            options -> options.headTimeout(Duration.ofSeconds(1)));
    ScriptedPeer peer = servers.connect(server).send(GET);
    servers.events.await(RecordingEvents.Kind.REQUEST, 1);
    leaving.leave(peer);
    if (leaving == Leaving.RESETS) {
      servers.events.await(RecordingEvents.Kind.CLOSE, 1);
    }
    gone.countDown();
    listener.awaitOpen();
    assertGone(server);
  }

  /** Who has only shut its end may be reading still, and is given the idle time. */
  @ParameterizedTest
  @EnumSource
  void abandonsAResponseThatIsStillToCome(Leaving leaving) throws Exception {
    CompletableFuture<Response> later = new CompletableFuture<>();
    CompletableFuture<String> abandonedOn = new CompletableFuture<>();
    HttpServer server =
        servers.start(
            request ->
                Response.async(
                        later,
                        () -> {
                          later.cancel(true);
                          abandonedOn.complete(Thread.currentThread().getName());
                        })
                    .withHeader("X-Changed", "it"),
            options -> options.idleTimeout(Duration.ofMillis(200)));
    ScriptedPeer peer = servers.connect(server).send(GET);
    servers.events.await(RecordingEvents.Kind.REQUEST, 1);
    leaving.leave(peer);

    assertThat(abandonedOn.get(20, TimeUnit.SECONDS)).doesNotContain("loop");
    assertThat(later).isCancelled();
    servers.events.await(RecordingEvents.Kind.CLOSE, 1);
    assertThat(server.activeRequests()).isZero();
    assertThat(servers.events.all(RecordingEvents.Kind.ERROR)).isEmpty();
  }

  @Test
  void abandonsAResponseThatIsPromisedTooLate() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    CountDownLatch abandoned = new CountDownLatch(1);
    HttpServer server =
        servers.start(
            request -> {
              assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
              return Response.async(new CompletableFuture<>(), abandoned::countDown);
            });
    ScriptedPeer peer = servers.connect(server).send(GET);
    servers.events.await(RecordingEvents.Kind.REQUEST, 1);
    peer.reset();
    servers.events.await(RecordingEvents.Kind.CLOSE, 1);
    gone.countDown();
    assertThat(abandoned.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void doesNotAbandonWhatHasCome() throws Exception {
    AtomicInteger abandoned = new AtomicInteger();
    HttpServer server =
        servers.start(
            request ->
                Response.async(
                    CompletableFuture.completedFuture(Response.text("here")),
                    abandoned::incrementAndGet));
    ScriptedPeer peer = servers.connect(server).send(GET);
    assertThat(peer.read().text()).isEqualTo("here");
    peer.reset();
    servers.events.await(RecordingEvents.Kind.CLOSE, 1);
    assertThat(abandoned).hasValue(0);
  }

  @Test
  void isNoticedByWhoSends() throws Exception {
    HttpServer server = servers.start(request -> request.asChannel(listener));
    ScriptedPeer peer = servers.connect(server).send(GET);
    AsyncChannel channel = listener.awaitOpen();
    peer.reset();

    byte[] piece = new byte[10_000];
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (channel.send(piece, false)) {
      assertThat(System.nanoTime()).isLessThan(deadline);
    }
    assertGone(server);
  }

  @Test
  void whoAbortsAPartialReadDoesNotHurtTheNext() throws Exception {
    HttpServer server = servers.start(request -> request.asChannel(listener));
    ScriptedPeer peer = servers.connectNarrow(server).send(GET);
    AsyncChannel channel = listener.awaitOpen();
    channel.send(new byte[500_000], false);
    readHead(peer);
    assertThat(peer.bytes(100)).hasSize(100);
    peer.close();
    assertGone(server);
  }

  @Test
  void channelOnTheLoopNoticesToo() throws Exception {
    RecordingListener onLoop =
        new RecordingListener() {
          @Override
          public boolean isNonBlocking() {
            return true;
          }
        };
    HttpServer server = servers.start(Handler.nonBlocking(request -> request.asChannel(onLoop)));
    ScriptedPeer peer = servers.connect(server).send(GET);
    onLoop.awaitOpen();
    assertThat(peer.hasWithin(Duration.ZERO)).isFalse();
    peer.close();

    assertThat(onLoop.awaitClose().kind()).isEqualTo(Kind.CLIENT_CLOSE);
    servers.events.await(RecordingEvents.Kind.CLOSE, 1);
    assertThat(server.activeRequests()).isZero();
  }
}
