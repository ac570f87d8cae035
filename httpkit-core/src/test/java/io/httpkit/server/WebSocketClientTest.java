package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelGroup;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.ChannelOptions;
import io.httpkit.channel.ChannelOptions.Compression;
import io.httpkit.channel.CloseStatus;
import io.httpkit.channel.SharedMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client's end of a WebSocket, against the server's. */
class WebSocketClientTest {
  private static final int[] SIZES = {0, 1, 125, 126, 65_535, 65_536, 1 << 20, 4 << 20};

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  private final WebSocketClients clients = new WebSocketClients();

  @AfterEach
  void nothingIsLeftOfTheClients() throws Exception {
    clients.end();
    assertThat(clients.connections()).isZero();
  }

  private HttpServer serve(UnaryOperator<ChannelOptions> options, ChannelListener listener) {
    return servers.start(request -> request.asChannel(options, listener));
  }

  /** Keeps whole messages. */
  private static class Messages extends WebSocketLog {
    final BlockingQueue<Object> received = new LinkedBlockingQueue<>();

    @Override
    public void onText(AsyncChannel channel, String text) {
      received.add(text);
    }

    @Override
    public void onBinary(AsyncChannel channel, byte[] bytes) {
      received.add(bytes);
    }

    @Override
    public void onDrain(AsyncChannel channel) {}

    Object take() throws InterruptedException {
      return RecordingListener.await(received, "a message");
    }
  }

  /** Half of it can be compressed. */
  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    for (int i = 0; i < length / 2; i++) {
      bytes[i] = (byte) (i >> 8);
    }
    return bytes;
  }

  private static String text(int length) {
    return "0123456789é€abcdef".repeat(length / 21 + 1).substring(0, length * 18 / 21);
  }

  @ParameterizedTest
  @CsvSource({
    "OFF, OFF",
    "OFF, EACH_MESSAGE",
    "EACH_MESSAGE, OFF",
    "EACH_MESSAGE, EACH_MESSAGE",
    "EACH_MESSAGE, CONTEXT_TAKEOVER",
    "CONTEXT_TAKEOVER, EACH_MESSAGE",
    "CONTEXT_TAKEOVER, CONTEXT_TAKEOVER",
  })
  void messagesOfAllSizesComeBack(Compression ofClient, Compression ofServer) throws Exception {
    HttpServer server =
        serve(
            options -> options.withCompression(ofServer).withMaxQueuedBytes(64 << 20),
            new WebSocketLog.Echo());
    Messages messages = new Messages();
    ChannelOptions options =
        ChannelOptions.DEFAULTS.withCompression(ofClient).withMaxQueuedBytes(64 << 20);
    AsyncChannel channel = clients.open(server.address(), options, messages);
    for (int round = 0; round < 2; round++) {
      for (int size : SIZES) {
        byte[] bytes = bytes(size);
        byte[] sent = bytes.clone();
        assertThat(channel.send(text(size))).isTrue();
        assertThat(channel.send(sent)).isTrue();

        assertThat(messages.take()).as("text of %s", size).isEqualTo(text(size));
        assertThat((byte[]) messages.take()).as("binary of %s", size).isEqualTo(bytes);
        assertThat(sent).as("what the caller owns").isEqualTo(bytes);
      }
    }
    channel.close();
    messages.expect("open", "close CLIENT_CLOSE 1000");
  }

  @ParameterizedTest
  @CsvSource({"OFF", "EACH_MESSAGE", "CONTEXT_TAKEOVER"})
  void sharedMessagesAndBuffersAndResponsesArriveWhole(Compression compression) throws Exception {
    Messages atServer = new Messages();
    HttpServer server = serve(options -> options.withCompression(compression), atServer);
    ChannelGroup group = new ChannelGroup();
    for (int i = 0; i < 3; i++) {
      group.join(
          clients.open(
              server.address(),
              ChannelOptions.DEFAULTS.withCompression(compression),
              new WebSocketLog()));
    }
    for (int size : new int[] {5, 3_000, 100_000}) {
      SharedMessage message = SharedMessage.of(bytes(size));
      assertThat(group.broadcast(message)).isEqualTo(3);
      assertThat(group.broadcast(text(size))).isEqualTo(3);
      List<Object> received = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        received.add(atServer.take());
      }
      assertThat(received).filteredOn(each -> text(size).equals(each)).hasSize(3);
      assertThat(received)
          .filteredOn(each -> each instanceof byte[] some && equal(some, bytes(size)))
          .hasSize(3);
      assertThat(message.bytes()).isEqualTo(bytes(size));
    }
    AsyncChannel one = group.iterator().next();
    one.send(ByteBuffer.wrap(bytes(70_000), 10, 50_000));
    assertThat((byte[]) atServer.take()).isEqualTo(Arrays.copyOfRange(bytes(70_000), 10, 50_010));
    one.send(Response.text(text(40_000)));
    assertThat(atServer.take()).isEqualTo(text(40_000));
  }

  private static boolean equal(byte[] some, byte[] others) {
    return Arrays.equals(some, others);
  }

  @Test
  void streamsAreFragmentsBothWays() throws Exception {
    byte[] large = bytes(3_000_000);
    Messages atServer =
        new Messages() {
          @Override
          public void onBinary(AsyncChannel channel, byte[] bytes) {
            received.add(bytes);
            channel.send(new ByteArrayInputStream(bytes));
            channel.send("behind");
          }
        };
    HttpServer server = serve(options -> options, atServer);
    CompletableFuture<byte[]> parts = new CompletableFuture<>();
    WebSocketLog log =
        new WebSocketLog() {
          private final ByteArrayOutputStream all = new ByteArrayOutputStream();
          private int count;

          @Override
          public void onDrain(AsyncChannel channel) {}

          @Override
          public void onPart(
              AsyncChannel channel, ByteBuffer bytes, boolean isText, boolean isLast) {
            if (isText) {
              add("text");
              return;
            }
            all.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
            count++;
            if (isLast) {
              assertThat(count).isGreaterThan(20);
              parts.complete(all.toByteArray());
            }
          }
        };
    AsyncChannel channel =
        clients.open(server.address(), ChannelOptions.DEFAULTS.withStreamedMessages(true), log);
    channel.send(new ByteArrayInputStream(large));
    channel.ping(new byte[] {'p'});

    assertThat((byte[]) atServer.take()).isEqualTo(large);
    assertThat(parts.get(20, TimeUnit.SECONDS)).isEqualTo(large);
    log.expect("open");
    List<String> others = List.of(log.next(), log.next());
    assertThat(others).containsExactlyInAnyOrder("pong p", "text");
  }

  @Test
  void subprotocolIsTheOneThatBothKnow() throws Exception {
    HttpServer server = serve(options -> options.withSubprotocols("b", "c"), new WebSocketLog());

    assertThat(open(server, "a", "b").subprotocol()).contains("b");
    assertThat(open(server, "a").subprotocol()).isEmpty();
    assertThat(open(server).subprotocol()).isEmpty();
  }

  private AsyncChannel open(HttpServer server, String... subprotocols) throws Exception {
    return clients.open(
        server.address(),
        ChannelOptions.DEFAULTS.withSubprotocols(subprotocols),
        new WebSocketLog());
  }

  @Test
  void isAWebSocketWithTheServersAddress() throws Exception {
    HttpServer server = serve(options -> options, new WebSocketLog());
    AsyncChannel channel = open(server);

    assertThat(channel.isWebSocket()).isTrue();
    assertThat(channel.isEventStream()).isFalse();
    assertThat(channel.closesAfterSend()).isFalse();
    assertThat(channel.remoteAddress()).isEqualTo(server.address());
  }

  @Test
  void bothEndsPing() throws Exception {
    WebSocketLog atServer = new WebSocketLog();
    WebSocketLog log = new WebSocketLog();
    HttpServer server = serve(options -> options, atServer);
    AsyncChannel channel = clients.open(server.address(), ChannelOptions.DEFAULTS, log);
    atServer.expect("open");
    log.expect("open");

    channel.ping(new byte[] {'a'});
    atServer.expect("ping a");
    log.expect("pong a");
    atServer.channel().ping(new byte[] {'b'});
    log.expect("ping b");
    atServer.expect("pong b");
    channel.pong(new byte[] {'c'});
    atServer.expect("pong c");
  }

  // ---- the end

  /** Each end says of itself that its application closed, and of the other with what code. */
  @Test
  void clientCloses() throws Exception {
    WebSocketLog atServer = new WebSocketLog();
    WebSocketLog log = new WebSocketLog();
    HttpServer server = serve(options -> options, atServer);
    AsyncChannel channel = clients.open(server.address(), ChannelOptions.DEFAULTS, log);

    assertThat(channel.send("last")).isTrue();
    assertThat(channel.close(4001, "enough")).isTrue();
    assertThat(channel.close()).isFalse();
    assertThat(channel.send("too late")).isFalse();
    atServer.expect("open", "text last", "close UNKNOWN 4001 enough");
    log.expect("open", "close CLIENT_CLOSE 4001 enough");
    awaitNoConnection(server);
  }

  @Test
  void serverCloses() throws Exception {
    WebSocketLog atServer = new WebSocketLog();
    WebSocketLog log = new WebSocketLog();
    HttpServer server = serve(options -> options, atServer);
    AsyncChannel channel = clients.open(server.address(), ChannelOptions.DEFAULTS, log);

    assertThat(atServer.channel().close(1000, "bye")).isTrue();
    log.expect("open", "close NORMAL 1000 bye");
    atServer.expect("open", "close SERVER_CLOSE 1000 bye");
    assertThat(channel.isOpen()).isFalse();
    awaitNoConnection(server);
  }

  @Test
  void sendAndClose() throws Exception {
    WebSocketLog atServer = new WebSocketLog();
    WebSocketLog log = new WebSocketLog();
    HttpServer server = serve(options -> options, atServer);
    AsyncChannel channel = clients.open(server.address(), ChannelOptions.DEFAULTS, log);
    CompletableFuture<Void> flushed = channel.flushed().toCompletableFuture();
    flushed.get(20, TimeUnit.SECONDS);

    assertThat(channel.send("last", true)).isTrue();
    channel.flushed().toCompletableFuture().get(20, TimeUnit.SECONDS);
    atServer.expect("open", "text last", "close NORMAL 1000");
    log.expect("open", "close CLIENT_CLOSE 1000");
  }

  @Test
  void serverStops() throws Exception {
    WebSocketLog log = new WebSocketLog();
    HttpServer server = serve(options -> options, new WebSocketLog());
    clients.open(server.address(), ChannelOptions.DEFAULTS, log);

    server.stop(Duration.ofSeconds(5)).get(20, TimeUnit.SECONDS);
    log.expect("open", "close GOING_AWAY 1001 the server is stopping");
  }

  @Test
  void clientStops() throws Exception {
    WebSocketLog atServer = new WebSocketLog();
    WebSocketLog log = new WebSocketLog();
    HttpServer server = serve(options -> options, atServer);
    clients.open(server.address(), ChannelOptions.DEFAULTS, log);

    clients.shutdownAll();
    log.expect("open", "close GOING_AWAY 1001 the client is stopping");
    atServer.expect("open", "close GOING_AWAY 1001 the client is stopping");
    awaitNoConnection(server);
  }

  @Test
  void listenerThatThrowsClosesWith1011() throws Exception {
    WebSocketLog atServer = new WebSocketLog();
    WebSocketLog log =
        new WebSocketLog() {
          @Override
          public void onText(AsyncChannel channel, String text) {
            throw new IllegalStateException("thrown");
          }
        };
    HttpServer server = serve(options -> options, atServer);
    clients.open(server.address(), ChannelOptions.DEFAULTS, log);

    atServer.channel().send("x");
    log.expect("open", "error thrown", "close INTERNAL_SERVER_ERROR 1011");
    atServer.expect("open", "close INTERNAL_SERVER_ERROR 1011");
  }

  /** Time stands still for the client, so that it does not end by a time-out. */
  private void awaitNoConnection(HttpServer server) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (clients.connections() > 0 || server.connections() > 0) {
      assertThat(System.nanoTime()).as("closed in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  // ---- many

  /** Each channel that was opened is told its end once, however it came. */
  @Test
  void aThousandThatAreOpenedAndKilledLeaveNothing() throws Exception {
    AtomicInteger openAtServer = new AtomicInteger();
    AtomicInteger openAtClient = new AtomicInteger();
    HttpServer server = serve(options -> options, new Counting(openAtServer));
    Random random = new Random(42);
    for (int round = 0; round < 50; round++) {
      List<CompletableFuture<AsyncChannel>> some = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        some.add(
            clients.begin(server.address(), ChannelOptions.DEFAULTS, new Counting(openAtClient)));
      }
      for (CompletableFuture<AsyncChannel> each : some) {
        AsyncChannel channel = each.get(20, TimeUnit.SECONDS);
        int size = random.nextInt(100_000);
        switch (random.nextInt(5)) {
          case 0 -> channel.close();
          case 1 -> channel.send("close me");
          case 2 -> channel.send(new byte[size], true);
          case 3 -> {
            channel.send(new ByteArrayInputStream(new byte[size]));
            channel.send("kill me");
          }
          default -> channel.send("kill me");
        }
      }
      awaitNoConnection(server);
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (openAtClient.get() > 0 || openAtServer.get() > 0) {
      assertThat(System.nanoTime()).as("told in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
    assertThat(openAtClient).hasValue(0);
    assertThat(openAtServer).hasValue(0);
  }

  private static final class Counting implements ChannelListener {
    private final AtomicInteger open;

    Counting(AtomicInteger open) {
      this.open = open;
    }

    @Override
    public void onOpen(AsyncChannel channel) {
      open.incrementAndGet();
    }

    @Override
    public void onText(AsyncChannel channel, String text) throws Exception {
      if (text.equals("close me")) {
        channel.close(4000, "");
      } else {
        throw new IllegalStateException("killed");
      }
    }

    @Override
    public void onClose(AsyncChannel channel, CloseStatus status) {
      open.decrementAndGet();
    }
  }
}
