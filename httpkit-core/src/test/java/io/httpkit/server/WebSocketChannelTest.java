package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.ChannelOptions;
import io.httpkit.channel.CloseStatus;
import io.httpkit.channel.CloseStatus.Kind;
import io.httpkit.channel.ServerSentEvent;
import io.httpkit.channel.SharedMessage;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the application is promised of a WebSocket, from its opening to its end. */
class WebSocketChannelTest {
  @RegisterExtension final NothingLeft servers = new NothingLeft();

  private final WebSocketLog log = new WebSocketLog();

  private WebSocketPeer open(ChannelListener listener) throws Exception {
    HttpServer server = servers.start(request -> request.asChannel(listener));
    return WebSocketPeer.open(servers.connect(server));
  }

  // ---- sending and closing

  @Test
  void sendsWhileItIsOpen() throws Exception {
    WebSocketPeer peer = open(log);
    AsyncChannel channel = log.channel();
    assertThat(channel.isOpen()).isTrue();
    assertThat(channel.isWritable()).isTrue();
    assertThat(channel.isWebSocket()).isTrue();
    assertThat(channel.isEventStream()).isFalse();
    assertThat(channel.closesAfterSend()).isFalse();
    assertThat(channel.remoteAddress()).isEqualTo(peer.wire().localAddress());

    assertThat(channel.send("hello")).isTrue();
    assertThat(channel.close()).isTrue();
    assertThat(channel.isOpen()).isFalse();
    assertThat(channel.isWritable()).isFalse();
    assertThat(channel.send("too late")).isFalse();
    assertThat(channel.ping(new byte[0])).isFalse();
    assertThat(channel.close()).isFalse();
    assertThat(channel.close(1001, "again")).isFalse();

    assertThat(peer.expectText("hello").expectClose(1000)).isEmpty();
    peer.closing(1000, "").expectEof();
    log.expect("open", "close SERVER_CLOSE 1000");
    log.expectNoMore();
  }

  @Test
  void takesAllKindsOfData() throws Exception {
    WebSocketPeer peer = open(log);
    AsyncChannel channel = log.channel();
    byte[] bytes = {1, 2, 3, 4};

    assertThat(channel.send((Object) "text")).isTrue();
    assertThat(channel.send((Object) bytes)).isTrue();
    assertThat(channel.send((Object) ByteBuffer.wrap(bytes, 1, 2))).isTrue();
    assertThat(channel.send((Object) ServerSentEvent.of("event").withId("7"))).isTrue();
    assertThat(
            channel.send(
                (Object) Response.text("response").withStatus(io.httpkit.http.Status.NOT_FOUND)))
        .isTrue();
    assertThat(channel.send((Object) Response.bytes(bytes))).isTrue();
    assertThat(channel.send((Object) SharedMessage.of("shared"))).isTrue();
    assertThat(channel.send((Object) SharedMessage.of(bytes))).isTrue();
    assertThat(channel.send((Object) null)).isTrue();
    assertThat(channel.send("")).isTrue();
    assertThatThrownBy(() -> channel.send((Object) 7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Integer");

    peer.expectText("text").expectBinary(bytes).expectBinary(new byte[] {2, 3});
    peer.expectText("event").expectText("response").expectBinary(bytes);
    peer.expectText("shared").expectBinary(bytes).expectText("");
  }

  @Test
  void closesBehindWhatIsSentLast() throws Exception {
    WebSocketPeer peer = open(log);
    assertThat(log.channel().send("last", true)).isTrue();
    assertThat(log.channel().send("more")).isFalse();

    peer.expectText("last").expectClose(1000);
    peer.closing(1000, "").expectEof();
    log.expect("open", "close SERVER_CLOSE 1000");
  }

  @Test
  void closeCodeAndReasonAreChecked() throws Exception {
    WebSocketPeer peer = open(log);
    AsyncChannel channel = log.channel();
    for (int code : new int[] {0, 999, 1004, 1006, 1015, 2999, 5000}) {
      assertThatThrownBy(() -> channel.close(code, ""))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(Integer.toString(code));
    }
    assertThatThrownBy(() -> channel.close(1000, "é".repeat(62)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("124");
    assertThatThrownBy(() -> channel.ping(new byte[126]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("126");
    assertThat(channel.isOpen()).isTrue();

    String longest = "é".repeat(61) + "e";
    assertThat(channel.close(4999, longest)).isTrue();
    assertThat(peer.expectClose(4999)).isEqualTo(longest);
    log.expect("open", "close SERVER_CLOSE 4999 " + longest);
  }

  @Test
  void pingsAndPongsOfTheServer() throws Exception {
    WebSocketPeer peer = open(log);
    assertThat(log.channel().ping(WebSocketPeer.utf8("there?"))).isTrue();
    assertThat(log.channel().pong(new byte[0])).isTrue();
    peer.expectPing("there?").expectPong("");
    peer.pong("there?");
    log.expect("open", "pong there?");
  }

  // ---- how it ends

  @ParameterizedTest
  @CsvSource({
    "1000,bye,close NORMAL 1000 bye",
    "1001,'',close GOING_AWAY 1001",
    "1011,help,close INTERNAL_SERVER_ERROR 1011 help",
    "3000,'',close UNKNOWN 3000",
    "4321,mine,close UNKNOWN 4321 mine",
  })
  void peerCloses(int code, String reason, String told) throws Exception {
    WebSocketPeer peer = open(log);
    peer.closing(code, reason);
    assertThat(peer.expectClose(code)).isEmpty();
    peer.expectEof();
    log.expect("open", told);
    assertThat(log.channel().send("late")).isFalse();
    assertThat(log.channel().close()).isFalse();
    log.expectNoMore();
  }

  @Test
  void peerClosesWithoutCode() throws Exception {
    WebSocketPeer peer = open(log);
    peer.closingWithoutCode().expectCloseWithoutCode().expectEof();
    log.expect("open", "close NO_STATUS_RECEIVED 1005");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void connectionIsCut(boolean reset) throws Exception {
    WebSocketPeer peer = open(log);
    peer.raw(new byte[] {(byte) 0x81, (byte) 0x85, 1});
    log.expect("open");
    if (reset) {
      peer.wire().reset();
    } else {
      peer.wire().halfClose();
      peer.expectEof();
    }
    assertThat(log.next()).startsWith("close ABNORMAL 1006");
    log.expectNoMore();
  }

  @Test
  void serverClosesWithCodeAndReason() throws Exception {
    WebSocketPeer peer = open(log);
    assertThat(log.channel().close(4000, "enough")).isTrue();
    assertThat(peer.expectClose(4000)).isEqualTo("enough");
    log.expect("open", "close SERVER_CLOSE 4000 enough");
    peer.closing(4001, "other").expectEof();
    log.expectNoMore();
  }

  @Test
  void bothCloseAtATime() throws Exception {
    HttpServer server = servers.start(request -> request.asChannel(log));
    for (int i = 0; i < 50; i++) {
      WebSocketLog each = new WebSocketLog();
      server.handler(request -> request.asChannel(each));
      WebSocketPeer peer = WebSocketPeer.open(servers.connect(server));
      AsyncChannel channel = each.channel();
      Future<Boolean> closes = CompletableFuture.supplyAsync(() -> channel.close(4000, ""));
      peer.closing(4001, "");
      boolean byServer = closes.get(WebSocketLog.BOUND_SECONDS, TimeUnit.SECONDS);
      each.expect("open", byServer ? "close SERVER_CLOSE 4000" : "close UNKNOWN 4001");
      peer.expectClose(byServer ? 4000 : 4001);
      peer.expectEof();
      each.expectNoMore();
      peer.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"open", "text", "binary", "ping", "pong", "drain"})
  void listenerThatThrowsCloses(String method) throws Exception {
    WebSocketLog failing =
        new WebSocketLog() {
          private void fail(String which) throws Exception {
            if (which.equals(method)) {
              throw new java.io.IOException("on purpose");
            }
          }

          @Override
          public void onOpen(AsyncChannel channel) throws Exception {
            super.onOpen(channel);
            if (method.equals("drain")) {
              channel.send(new byte[16 * 1024 * 1024]);
            }
            fail("open");
          }

          @Override
          public void onText(AsyncChannel channel, String text) throws Exception {
            fail("text");
          }

          @Override
          public void onBinary(AsyncChannel channel, byte[] bytes) throws Exception {
            fail("binary");
          }

          @Override
          public void onPing(AsyncChannel channel, byte[] payload) {
            if (method.equals("ping")) {
              throw new IllegalStateException("on purpose");
            }
          }

          @Override
          public void onPong(AsyncChannel channel, byte[] payload) {
            if (method.equals("pong")) {
              throw new LinkageError("on purpose");
            }
          }

          @Override
          public void onDrain(AsyncChannel channel) throws Exception {
            fail("drain");
          }
        };
    WebSocketPeer peer = open(failing);
    peer.text("t").binary(new byte[0]).ping("").pong("");
    assertThat(peer.skipToClose(1011)).isEmpty();
    peer.closing(1011, "").expectEof();
    failing.expect("open", "error on purpose", "close INTERNAL_SERVER_ERROR 1011");
    failing.expectNoMore();
  }

  @Test
  void whatOnCloseAndOnErrorThrowIsReported() throws Exception {
    LinkedBlockingQueue<Throwable> reported = new LinkedBlockingQueue<>();
    ServerEvents events =
        new ServerEvents() {
          @Override
          public void onChannelError(AsyncChannel channel, Throwable error) {
            reported.add(error);
          }
        };
    WebSocketLog failing =
        new WebSocketLog() {
          @Override
          public void onClose(AsyncChannel channel, CloseStatus status) throws Exception {
            super.onClose(channel, status);
            throw new java.io.IOException("close");
          }

          @Override
          public void onError(AsyncChannel channel, Throwable error) {
            super.onError(channel, error);
            throw new IllegalStateException("error");
          }
        };
    HttpServer server =
        servers.start(request -> request.asChannel(failing), config -> config.events(events));
    WebSocketPeer peer = WebSocketPeer.open(servers.connect(server));
    peer.closing(1000, "").expectClose(1000);
    peer.expectEof();
    failing.expect("open", "close NORMAL 1000", "error close");
    assertThat(reported.poll(20, TimeUnit.SECONDS)).hasMessage("close");
    assertThat(reported.poll(20, TimeUnit.SECONDS)).hasMessage("error");
  }

  // ---- single callbacks

  @Test
  void callbacksTakeThePlaceOfTheListener() throws Exception {
    WebSocketLog callbacks = new WebSocketLog();
    Consumer<AsyncChannel> register =
        channel -> {
          channel.onReceive(
              message ->
                  callbacks.add(
                      message instanceof byte[] bytes ? "bytes " + bytes.length : "" + message));
          channel.onPing(payload -> callbacks.add("ping " + payload.length));
          channel.onPong(payload -> callbacks.add("pong " + payload.length));
          channel.onClose(status -> callbacks.add("close " + status));
          channel.onDrain(() -> callbacks.add("drain"));
        };
    HttpServer server = servers.start(request -> request.asChannel(register));
    WebSocketPeer peer = WebSocketPeer.open(servers.connect(server));
    peer.text("one").binary(new byte[2]).ping("three").pong("four").closing(1000, "five");
    callbacks.expect("one", "bytes 2", "ping 5", "pong 4", "close NORMAL 1000 five");
    callbacks.expectNoMore();
  }

  @Test
  void callbacksMayBeSetBeforeTheHandshake() throws Exception {
    WebSocketLog callbacks = new WebSocketLog();
    ChannelListener listener =
        new ChannelListener() {
          @Override
          public void onInit(AsyncChannel channel) {
            channel.onReceive(message -> callbacks.add("" + message));
            channel.onClose(status -> callbacks.add("close " + status));
          }
        };
    open(listener).text("hello").closing(1000, "");
    callbacks.expect("hello", "close NORMAL 1000");
  }

  @Test
  void eachCallbackIsSetOnce() throws Exception {
    WebSocketPeer peer = open(log);
    AsyncChannel channel = log.channel();
    CountDownLatch closed = new CountDownLatch(1);
    channel.onReceive(message -> {});
    channel.onPing(payload -> {});
    channel.onPong(payload -> {});
    channel.onDrain(() -> {});
    channel.onClose(status -> closed.countDown());

    assertSetBefore(() -> channel.onReceive(message -> {}));
    assertSetBefore(() -> channel.onPing(payload -> {}));
    assertSetBefore(() -> channel.onPong(payload -> {}));
    assertSetBefore(() -> channel.onDrain(() -> {}));
    assertSetBefore(() -> channel.onClose(status -> {}));
    peer.closing(1000, "");
    WebSocketLog.await(closed);
    assertSetBefore(() -> channel.onClose(status -> {}));
  }

  private static void assertSetBefore(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("set already");
  }

  @Test
  void lateCloseCallbackRunsAtOnceAndOnce() throws Exception {
    open(log).closing(4000, "gone");
    log.expect("open", "close UNKNOWN 4000 gone");
    AtomicInteger runs = new AtomicInteger();
    log.channel()
        .onClose(
            status -> {
              assertThat(status).isEqualTo(CloseStatus.of(4000, "gone"));
              runs.incrementAndGet();
            });
    assertThat(runs).hasValue(1);
    log.channel().addCloseListener((channel, status) -> runs.incrementAndGet());
    assertThat(runs).hasValue(2);
    AsyncChannel channel = log.channel();
    assertSetBefore(() -> channel.onClose(status -> runs.incrementAndGet()));
    assertThat(runs).hasValue(2);
  }

  @Test
  void closeListenersCanBeTakenBack() throws Exception {
    WebSocketPeer peer = open(log);
    LinkedBlockingQueue<CloseStatus> told = new LinkedBlockingQueue<>();
    io.httpkit.channel.CloseListener kept = (channel, status) -> told.add(status);
    io.httpkit.channel.CloseListener failing =
        (channel, status) -> {
          throw new IllegalStateException("on purpose");
        };
    io.httpkit.channel.CloseListener removed = (channel, status) -> told.add(CloseStatus.of(7, ""));
    log.channel().addCloseListener(failing);
    log.channel().addCloseListener(removed);
    log.channel().addCloseListener(kept);
    log.channel().removeCloseListener(removed);
    peer.closing(1000, "");
    assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo(CloseStatus.of(Kind.NORMAL, ""));
    log.expect("open", "close NORMAL 1000");
    assertThat(told).isEmpty();
  }

  /** One of the two closes while the other registers; the callback runs exactly once. */
  @Test
  void closeCallbackRunsOnceHoweverItRaces() throws Exception {
    HttpServer server = servers.start(request -> request.asChannel(log));
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int i = 0; i < 1000; i++) {
        WebSocketLog each = new WebSocketLog();
        server.handler(request -> request.asChannel(each));
        WebSocketPeer peer = WebSocketPeer.open(servers.connect(server));
        AsyncChannel channel = each.channel();
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch told = new CountDownLatch(1);
        CyclicBarrier start = new CyclicBarrier(2);
        Future<?> registers =
            threads.submit(
                () -> {
                  start.await();
                  channel.onClose(
                      status -> {
                        runs.incrementAndGet();
                        told.countDown();
                      });
                  return null;
                });
        Future<Boolean> closes =
            threads.submit(
                () -> {
                  start.await();
                  return channel.close();
                });
        assertThat(closes.get(20, TimeUnit.SECONDS)).isTrue();
        registers.get(20, TimeUnit.SECONDS);
        WebSocketLog.await(told);
        peer.expectClose(1000);
        peer.close();
        assertThat(runs).as("round %s", i).hasValue(1);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  // ---- in order, never two at once

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void messagesAreToldInOrderAndNeverTwoAtOnce(boolean nonBlocking) throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger worst = new AtomicInteger();
    WebSocketLog careful =
        new WebSocketLog() {
          @Override
          public void onText(AsyncChannel channel, String text) {
            worst.accumulateAndGet(inside.incrementAndGet(), Math::max);
            LockSupport.parkNanos(1000);
            add(text);
            inside.decrementAndGet();
          }

          @Override
          public void onPing(AsyncChannel channel, byte[] payload) {
            worst.accumulateAndGet(inside.incrementAndGet(), Math::max);
            super.onPing(channel, payload);
            inside.decrementAndGet();
          }

          @Override
          public boolean isNonBlocking() {
            return nonBlocking;
          }
        };
    WebSocketPeer peer = open(careful);
    for (int round = 0; round < 50; round++) {
      for (int i = 0; i < 10; i++) {
        peer.text("m" + (10 * round + i));
      }
      peer.ping("p" + round);
    }
    careful.expect("open");
    for (int round = 0; round < 50; round++) {
      for (int i = 0; i < 10; i++) {
        careful.expect("m" + (10 * round + i));
      }
      careful.expect("ping p" + round);
    }
    assertThat(worst).hasValue(1);
  }

  @Test
  void nothingIsToldBehindTheClose() throws Exception {
    HttpServer server = servers.start(request -> request.asChannel(log));
    for (int i = 0; i < 200; i++) {
      WebSocketLog each = new WebSocketLog();
      server.handler(request -> request.asChannel(each));
      WebSocketPeer peer = WebSocketPeer.open(servers.connect(server));
      AsyncChannel channel = each.channel();
      peer.text("before");
      Future<Boolean> closes = CompletableFuture.supplyAsync(channel::close);
      for (int j = 0; j < 5; j++) {
        peer.text("while").ping("it").pong("closes");
      }
      assertThat(closes.get(20, TimeUnit.SECONDS)).isTrue();
      peer.skipToClose(1000);
      peer.closing(1000, "").expectEof();
      peer.close();
      while (!each.next().startsWith("close")) {
        // what came in time
      }
      each.expectNoMore();
    }
  }

  @Test
  void messagesThatCameBeforeTheEndAreToldBeforeIt() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    WebSocketLog slow =
        new WebSocketLog() {
          @Override
          public void onText(AsyncChannel channel, String text) throws Exception {
            await(go);
            super.onText(channel, text);
          }
        };
    WebSocketPeer peer = open(slow);
    peer.text("1").text("2").text("3").closing(1000, "").expectClose(1000);
    peer.expectEof();
    go.countDown();
    slow.expect("open", "text 1", "text 2", "text 3", "close NORMAL 1000");
  }

  @Test
  void streamedMessagesComeInParts() throws Exception {
    LinkedBlockingQueue<String> parts = new LinkedBlockingQueue<>();
    ChannelListener listener =
        new ChannelListener() {
          @Override
          public void onPart(
              AsyncChannel channel, ByteBuffer bytes, boolean isText, boolean isLast) {
            parts.add((isText ? "text " : "binary ") + bytes.remaining() + (isLast ? " last" : ""));
          }
        };
    HttpServer server =
        servers.start(
            request ->
                request.asChannel(
                    options -> options.withStreamedMessages(true).withMaxMessage(10), listener));
    WebSocketPeer peer = WebSocketPeer.open(servers.connect(server));
    peer.send(WebSocketPeer.BINARY, new byte[1000]);
    peer.send(WebSocketPeer.FIN | WebSocketPeer.CONTINUATION, new byte[0]);
    peer.text("text");
    int size = 0;
    String part = "";
    while (!part.endsWith("last")) {
      part = String.valueOf(parts.poll(20, TimeUnit.SECONDS));
      assertThat(part).startsWith("binary ");
      size += Integer.parseInt(part.split(" ", -1)[1]);
    }
    assertThat(size).isEqualTo(1000);
    assertThat(parts.poll(20, TimeUnit.SECONDS)).isEqualTo("text 4 last");
  }

  @Test
  void optionsOfTheHandlerBuildOnThoseOfTheServer() throws Exception {
    HttpServer server =
        servers.start(
            request ->
                request.asChannel(
                    options -> {
                      assertThat(options.maxMessage()).isEqualTo(77);
                      return options.withSubprotocols("b");
                    },
                    log),
            config ->
                config.channels(ChannelOptions.DEFAULTS.withMaxMessage(77).withSubprotocols("a")));
    WebSocketPeer peer =
        WebSocketPeer.open(servers.connect(server), "Sec-WebSocket-Protocol: a, b");
    assertThat(peer.answer().header("Sec-WebSocket-Protocol")).isEqualTo("b");
  }
}
