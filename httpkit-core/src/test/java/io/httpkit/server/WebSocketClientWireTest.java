package io.httpkit.server;

import static io.httpkit.server.WebSocketPeer.BINARY;
import static io.httpkit.server.WebSocketPeer.CLOSE;
import static io.httpkit.server.WebSocketPeer.CONTINUATION;
import static io.httpkit.server.WebSocketPeer.FIN;
import static io.httpkit.server.WebSocketPeer.PING;
import static io.httpkit.server.WebSocketPeer.PONG;
import static io.httpkit.server.WebSocketPeer.RSV1;
import static io.httpkit.server.WebSocketPeer.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelOptions;
import io.httpkit.channel.ChannelOptions.Compression;
import io.httpkit.channel.SharedMessage;
import io.httpkit.channel.SlowReader;
import io.httpkit.internal.codec.websocket.InflaterSource;
import io.httpkit.internal.codec.websocket.MessageDeflater;
import io.httpkit.internal.codec.websocket.Role;
import io.httpkit.internal.codec.websocket.WebSocketDecoder;
import io.httpkit.internal.codec.websocket.WebSocketEvent;
import io.httpkit.server.WebSocketPeer.Frame;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The client's end of a WebSocket, byte by byte, against a server that does what a test says. */
class WebSocketClientWireTest {
  private static final ChannelOptions PLAIN =
      ChannelOptions.DEFAULTS.withCompression(Compression.OFF);
  private static final int PIECE = 50_000;

  @RegisterExtension final NothingLeft left = new NothingLeft();

  private final WebSocketLog log = new WebSocketLog();
  private final List<WebSocketServerPeer> peers = new ArrayList<>();
  private final WebSocketClients clients = new WebSocketClients();
  private final ServerSocketChannel listening;

  WebSocketClientWireTest() throws IOException {
    listening = ServerSocketChannel.open();
    listening.setOption(StandardSocketOptions.SO_RCVBUF, 16 * 1024);
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @AfterEach
  void close() throws Exception {
    for (WebSocketServerPeer peer : peers) {
      peer.close();
    }
    listening.close();
    clients.end();
    assertThat(clients.connections()).isZero();
  }

  private CompletableFuture<AsyncChannel> begin(ChannelOptions options) throws IOException {
    return clients.begin(listening.getLocalAddress(), 16 * 1024, options, log);
  }

  private WebSocketServerPeer accept() throws IOException {
    WebSocketServerPeer peer = WebSocketServerPeer.accept(listening);
    peers.add(peer);
    return peer;
  }

  private WebSocketServerPeer open(ChannelOptions options) throws Exception {
    CompletableFuture<AsyncChannel> opened = begin(options);
    WebSocketServerPeer peer = accept().open();
    opened.get(20, TimeUnit.SECONDS);
    log.expect("open");
    return peer;
  }

  private static byte[] joined(byte[]... pieces) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] piece : pieces) {
      all.writeBytes(piece);
    }
    return all.toByteArray();
  }

  // ---- masks

  @Test
  void everyFrameHasAMaskOfItsOwn() throws Exception {
    WebSocketServerPeer peer = open(PLAIN);
    AsyncChannel channel = log.channel();
    Set<Integer> masks = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      channel.send("same");
      peer.expect(TEXT, "same");
      masks.add(peer.lastMask());
      channel.ping(new byte[0]);
      peer.expect(PING, "");
      masks.add(peer.lastMask());
      channel.pong(new byte[] {'x'});
      peer.expect(PONG, "x");
      masks.add(peer.lastMask());
    }
    // two of 1 500 random ones may be the same, once in 4 000 times
    assertThat(masks).hasSizeGreaterThan(1_497);

    channel.send(new ByteArrayInputStream(new byte[100_000]));
    Set<Integer> fragments = new HashSet<>();
    Frame frame = peer.read();
    assertThat(frame.opcode()).isEqualTo(BINARY);
    while (!frame.isFinal()) {
      fragments.add(peer.lastMask());
      frame = peer.read();
      assertThat(frame.opcode()).isEqualTo(CONTINUATION);
    }
    assertThat(fragments).hasSizeGreaterThan(5);
    channel.close();
    peer.expectClose(1000);
  }

  @Test
  void sharedMessageIsMaskedForEachChannel() throws Exception {
    SharedMessage small = SharedMessage.of("shared");
    SharedMessage large = SharedMessage.of(new byte[100_000]);
    Set<Integer> masks = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      CompletableFuture<AsyncChannel> opened = begin(PLAIN);
      WebSocketServerPeer peer = accept().open();
      AsyncChannel channel = opened.get(20, TimeUnit.SECONDS);

      assertThat(channel.send(small)).isTrue();
      peer.expect(TEXT, "shared");
      masks.add(peer.lastMask());
      assertThat(channel.send(large)).isTrue();
      assertThat(peer.read().payload()).isEqualTo(new byte[100_000]);
      masks.add(peer.lastMask());
    }
    assertThat(masks).hasSizeGreaterThan(8);
    assertThat(small.bytes()).isEqualTo("shared".getBytes(StandardCharsets.UTF_8));
    assertThat(large.bytes()).isEqualTo(new byte[100_000]);
  }

  // ---- the handshake, and what comes behind it

  @Test
  void framesBehindTheAnswerAreNotLostHoweverTheBytesAreSplit() throws Exception {
    byte[] frames =
        joined(
            WebSocketServerPeer.textFrame("first"),
            WebSocketServerPeer.frame(FIN | PING, new byte[] {'p'}),
            WebSocketServerPeer.textFrame("second"));
    byte[] some;
    CompletableFuture<AsyncChannel> opened = begin(PLAIN);
    try (WebSocketServerPeer peer = accept()) {
      some = joined(peer.opening(), frames);
      peer.raw(some);
      opened.get(20, TimeUnit.SECONDS);
      log.expect("open", "text first", "ping p", "text second");
      peer.expect(PONG, "p");
    }
    log.expect("close ABNORMAL 1006 the peer is gone without a close frame");
    for (int cut = 1; cut < some.length; cut++) {
      opened = begin(PLAIN);
      try (WebSocketServerPeer peer = accept()) {
        byte[] bytes = joined(peer.opening(), frames);
        peer.raw(Arrays.copyOf(bytes, cut));
        clients.settle();
        peer.raw(Arrays.copyOfRange(bytes, cut, bytes.length));
        opened.get(20, TimeUnit.SECONDS);
        log.expect("open", "text first", "ping p", "text second");
        peer.expect(PONG, "p");
      }
      log.expect("close ABNORMAL 1006 the peer is gone without a close frame");
    }
  }

  @Test
  void framesByteByByte() throws Exception {
    WebSocketServerPeer peer = open(PLAIN);
    byte[] bytes =
        joined(
            WebSocketServerPeer.frame(TEXT, "Hé".getBytes(StandardCharsets.UTF_8)),
            WebSocketServerPeer.frame(FIN | PING, new byte[] {'p'}),
            WebSocketServerPeer.frame(FIN | CONTINUATION, new byte[] {'y'}),
            WebSocketServerPeer.frame(FIN | BINARY, new byte[200]));
    for (byte b : bytes) {
      peer.raw(new byte[] {b});
      clients.settle();
    }
    log.expect("ping p", "text Héy", "binary of 200");
  }

  @Test
  void otherAnswersOpenNothing() throws Exception {
    CompletableFuture<AsyncChannel> opened = begin(PLAIN);
    accept().raw("HTTP/1.1 401 No\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> opened.get(20, TimeUnit.SECONDS)).hasMessageContaining("401");

    CompletableFuture<AsyncChannel> second = begin(PLAIN);
    accept().open("Sec-WebSocket-Extensions: permessage-deflate");
    assertThatThrownBy(() -> second.get(20, TimeUnit.SECONDS))
        .hasMessageContaining("names an extension that was not offered");
  }

  // ---- a server that breaks the rules

  @ParameterizedTest
  @CsvSource({
    "81 85 37fa213d 7f9f4d5158, 1002, PROTOCOL_ERROR, frame of a server must not be masked",
    "89 80 00000000, 1002, PROTOCOL_ERROR, frame of a server must not be masked",
    "c1 01 61, 1002, PROTOCOL_ERROR, reserved bit that was not agreed on",
    "a1 01 61, 1002, PROTOCOL_ERROR, reserved bit that was not agreed on",
    "83 00, 1002, PROTOCOL_ERROR, reserved opcode",
    "80 00, 1002, PROTOCOL_ERROR, continuation of no message",
    "01 00 81 00, 1002, PROTOCOL_ERROR, new message within a message",
    "09 00, 1002, PROTOCOL_ERROR, control frame must not be fragmented",
    "89 7e 007e, 1002, PROTOCOL_ERROR, control frame of more than 125 bytes",
    "82 7e 007d, 1002, PROTOCOL_ERROR, length is not in its shortest form",
    "82 7f 8000000000000000, 1002, PROTOCOL_ERROR, length of more than 63 bits",
    "88 01 03, 1002, PROTOCOL_ERROR, close frame with half a code",
    "88 02 03ee, 1002, PROTOCOL_ERROR, close code that must not be sent",
    "81 01 ff, 1007, INVALID_PAYLOAD_DATA, text must be UTF-8",
    "82 7f 0000000000400001, 1009, MESSAGE_TOO_BIG, message larger than the 4194304 bytes allowed",
  })
  void serverThatBreaksARuleIsClosed(String hex, int code, String kind, String reason)
      throws Exception {
    WebSocketServerPeer peer = open(PLAIN);
    peer.raw(HexFormat.of().parseHex(hex.replace(" ", "")));

    assertThat(peer.expectClose(code)).isEqualTo(reason);
    peer.wire().expectEof();
    log.expect("close " + kind + " " + code + " " + reason);
    log.expectNoMore();
  }

  /** A mebibyte of bytes that are a gibibyte when inflated. */
  @Test
  void bombIsClosed1009() throws Exception {
    CompletableFuture<AsyncChannel> opened = begin(ChannelOptions.DEFAULTS);
    WebSocketServerPeer peer =
        accept().open("Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover");
    opened.get(20, TimeUnit.SECONDS);
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    byte[] mebi = new MessageDeflater(deflater, 15, false).deflate(new byte[1 << 20], 0, 1 << 20);
    deflater.end();
    byte[] piece = joined(mebi, new byte[] {0, 0, -1, -1});
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    for (int i = 0; i < 1024; i++) {
      bomb.writeBytes(piece);
    }
    FutureTask<Void> sending =
        new FutureTask<>(
            () -> {
              peer.send(FIN | RSV1 | BINARY, bomb.toByteArray());
              return null;
            });
    new Thread(sending, "bomb").start();

    assertThat(peer.expectClose(1009)).isEqualTo("message larger than the 4194304 bytes allowed");
    log.expect("open", "close MESSAGE_TOO_BIG 1009 message larger than the 4194304 bytes allowed");
    sending.get(20, TimeUnit.SECONDS);
    peer.close();
  }

  // ---- compression

  @ParameterizedTest
  @CsvSource({
    "15, 15, '', true, true",
    "15, 15, '; server_no_context_takeover', false, true",
    "15, 15, '; client_no_context_takeover', true, false",
    "15, 15, '; server_no_context_takeover; client_no_context_takeover', false, false",
    "15, 9, '; client_max_window_bits=9', true, false",
    "15, 8, '; client_max_window_bits=8; server_no_context_takeover', false, false",
    "15, 15, '; client_max_window_bits=15', true, true",
    "10, 15, '; server_max_window_bits=10', false, true",
    "8, 8, '; server_max_window_bits=8; client_max_window_bits=8', false, false",
    "8, 12, '; client_max_window_bits=12; server_max_window_bits=8; client_no_context_takeover', false, false",
  })
  void compressesAsTheServerSays(
      int serverBits, int clientBits, String parameters, boolean serverKeeps, boolean clientKeeps)
      throws Exception {
    CompletableFuture<AsyncChannel> opened =
        begin(ChannelOptions.DEFAULTS.withCompression(Compression.CONTEXT_TAKEOVER));
    WebSocketServerPeer peer =
        accept().open("Sec-WebSocket-Extensions: permessage-deflate" + parameters);
    AsyncChannel channel = opened.get(20, TimeUnit.SECONDS);
    log.expect("open");
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    MessageDeflater ofServer = new MessageDeflater(deflater, serverBits, serverKeeps);
    OneInflater inflater = new OneInflater();
    WebSocketDecoder ofClient =
        new WebSocketDecoder(Role.SERVER, 1 << 20, false, inflater, clientKeeps);
    byte[] bytes = words(20_000);
    int[] sizes = new int[3];
    for (int i = 0; i < 3; i++) {
      channel.send(bytes);
      Frame frame = peer.read();
      assertThat(frame.isCompressed()).isTrue();
      sizes[i] = frame.length();
      ByteBuffer unmasked =
          ByteBuffer.wrap(WebSocketServerPeer.frame(FIN | RSV1 | BINARY, frame.payload()));
      assertThat(ofClient.next(unmasked))
          .isInstanceOfSatisfying(
              WebSocketEvent.Binary.class, some -> assertThat(some.bytes()).isEqualTo(bytes));

      peer.send(FIN | RSV1 | BINARY, ofServer.deflate(bytes, 0, bytes.length));
      log.expect("binary of 20000");
    }
    assertThat(sizes[1] < sizes[0] / 2)
        .as("%s bytes, then %s: with context", sizes[0], sizes[1])
        .isEqualTo(clientKeeps);
    assertThat(sizes[0]).as("%s bits", clientBits).isLessThan(bytes.length);
    deflater.end();
    ofClient.release();
    inflater.inflater.end();
  }

  private static byte[] words(int length) {
    StringBuilder text = new StringBuilder();
    Random random = new Random(length);
    while (text.length() < length) {
      text.append("word").append(random.nextInt(5_000)).append(' ');
    }
    return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
  }

  private static final class OneInflater implements InflaterSource {
    final Inflater inflater = new Inflater(true);

    @Override
    public Inflater take() {
      inflater.reset();
      return inflater;
    }

    @Override
    public void give(Inflater returned) {}
  }

  // ---- the end

  @Test
  void clientWaitsForTheServerToCloseTheConnection() throws Exception {
    WebSocketServerPeer peer = open(PLAIN);
    log.channel().close(1000, "bye");
    assertThat(peer.expectClose(1000)).isEqualTo("bye");
    log.expect("close CLIENT_CLOSE 1000 bye");
    peer.closing(1000).text("dropped");
    clients.advance(Duration.ofMillis(9_900));
    assertThat(peer.wire().hasWithin(Duration.ZERO)).isFalse();

    peer.wire().halfClose();
    peer.wire().expectEof();
    log.expectNoMore();
  }

  @Test
  void clientAnswersACloseAndWaitsToo() throws Exception {
    WebSocketServerPeer peer = open(PLAIN);
    peer.closing(4001);
    peer.expectClose(4001);
    log.expect("close UNKNOWN 4001");
    clients.advance(Duration.ofMillis(9_900));
    assertThat(peer.wire().hasWithin(Duration.ZERO)).isFalse();

    peer.wire().halfClose();
    peer.wire().expectEof();
  }

  @Test
  void serverThatClosesAtOnceIsAnswered() throws Exception {
    WebSocketServerPeer peer = open(PLAIN);
    peer.closing(1001);
    peer.wire().halfClose();
    peer.expectClose(1001);
    peer.wire().expectEof();
    log.expect("close GOING_AWAY 1001");
  }

  @Test
  void serverThatDoesNotCloseTheConnectionIsWaitedForOnlySoLong() throws Exception {
    WebSocketServerPeer peer = open(PLAIN);
    peer.closing(1000);
    peer.expectClose(1000);
    clients.advance(Duration.ofSeconds(11));
    peer.wire().expectEof();
    clients.advance(Duration.ofSeconds(3));
    log.expect("close NORMAL 1000");
    assertThat(clients.connections()).isZero();
  }

  @Test
  void serverThatNeverAnswersTheCloseIsWaitedForOnlySoLong() throws Exception {
    WebSocketServerPeer peer = open(PLAIN);
    log.channel().close();
    peer.expectClose(1000);
    clients.settle();
    clients.advance(Duration.ofMillis(9_900));
    assertThat(peer.wire().hasWithin(Duration.ZERO)).isFalse();
    clients.advance(Duration.ofMillis(200));
    peer.wire().expectEof();
    log.expect("close CLIENT_CLOSE 1000");
    assertThat(clients.connections()).isZero();
  }

  /** The time to answer and to close the connection is one. */
  @Test
  void serverThatAnswersLateHasOnlyWhatIsLeft() throws Exception {
    WebSocketServerPeer peer = open(PLAIN);
    log.channel().close();
    peer.expectClose(1000);
    clients.settle();
    clients.advance(Duration.ofSeconds(9));
    peer.closing(1000);
    clients.settle();
    clients.advance(Duration.ofSeconds(2));
    peer.wire().expectEof();
  }

  // ---- time

  @Test
  void silentServerIsPingedAndClosed() throws Exception {
    WebSocketServerPeer peer = open(PLAIN);
    clients.advance(Duration.ofMillis(24_900));
    assertThat(peer.wire().hasWithin(Duration.ZERO)).isFalse();
    clients.advance(Duration.ofMillis(200));
    peer.expect(PING, "");
    peer.pong();
    log.expect("pong ");
    clients.advance(Duration.ofMillis(24_900));
    assertThat(peer.wire().hasWithin(Duration.ZERO)).isFalse();
    clients.advance(Duration.ofMillis(200));
    peer.expect(PING, "");
    clients.advance(Duration.ofMillis(9_900));
    assertThat(peer.wire().hasWithin(Duration.ZERO)).isFalse();
    clients.advance(Duration.ofMillis(200));
    peer.wire().expectEof();
    log.expect("close ABNORMAL 1006 no answer to a ping");
  }

  @Test
  void idleChannelIsClosed1001() throws Exception {
    WebSocketServerPeer peer = open(PLAIN.withIdleTimeout(Duration.ofSeconds(5)));
    clients.advance(Duration.ofSeconds(4));
    peer.text("x");
    log.expect("text x");
    clients.advance(Duration.ofSeconds(4));
    assertThat(peer.wire().hasWithin(Duration.ZERO)).isFalse();
    clients.advance(Duration.ofSeconds(2));
    assertThat(peer.expectClose(1001)).isEqualTo("idle");
    log.expect("close GOING_AWAY 1001 idle");
  }

  @Test
  void tooSlowAMessageIsClosed1008() throws Exception {
    WebSocketServerPeer peer = open(PLAIN.withMessageTimeout(Duration.ofSeconds(5)));
    peer.send(TEXT, new byte[] {'a'}).send(FIN | PING, new byte[0]).expect(PONG, "");
    log.expect("ping ");
    clients.settle();
    clients.advance(Duration.ofSeconds(6));
    assertThat(peer.expectClose(1008)).isEqualTo("too slow a message");
    log.expect("close POLICY_VIOLATION 1008 too slow a message");
  }

  // ---- a server that does not read

  private static int fill(AsyncChannel channel) {
    int sent = 0;
    while (channel.send(new byte[PIECE])) {
      assertThat(channel.queuedBytes()).isLessThan(301_000);
      assertThat(++sent).isLessThan(1_000);
    }
    return sent;
  }

  @ParameterizedTest
  @EnumSource(
      value = SlowReader.class,
      names = {"DROP", "CLOSE"})
  void noMoreIsQueuedThanAllowed(SlowReader policy) throws Exception {
    WebSocketServerPeer peer = open(PLAIN.withSlowReader(policy).withMaxQueuedBytes(300_000));
    AsyncChannel channel = log.channel();
    int sent = fill(channel);

    assertThat(sent).isGreaterThan(5);
    assertThat(channel.isOpen()).isEqualTo(policy == SlowReader.DROP);
    for (int i = 0; i < sent; i++) {
      assertThat(peer.read().length()).isEqualTo(PIECE);
    }
    if (policy == SlowReader.CLOSE) {
      assertThat(peer.expectClose(1013)).isEqualTo("too slow a reader");
      log.expect("close TRY_AGAIN_LATER 1013 too slow a reader");
    } else {
      log.expect("drain");
      assertThat(channel.send("again")).isTrue();
      peer.expect(TEXT, "again");
    }
  }

  @Test
  void senderWaitsForTheServerToRead() throws Exception {
    WebSocketServerPeer peer =
        open(PLAIN.withSlowReader(SlowReader.WAIT).withMaxQueuedBytes(300_000));
    AsyncChannel channel = log.channel();
    int count = 100;
    FutureTask<Boolean> sending =
        new FutureTask<>(
            () -> {
              boolean all = true;
              for (int i = 0; i < count; i++) {
                all &= channel.send(new byte[PIECE]);
              }
              return all;
            });
    Thread sender = new Thread(sending, "sender");
    sender.start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (sender.getState() != Thread.State.WAITING) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
    for (int i = 0; i < count; i++) {
      assertThat(peer.read().payload()).isEqualTo(new byte[PIECE]);
    }
    assertThat(sending.get(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void onlyTheLatestPingIsAnsweredOnceTheServerReads() throws Exception {
    WebSocketServerPeer peer =
        open(PLAIN.withSlowReader(SlowReader.DROP).withMaxQueuedBytes(300_000));
    AsyncChannel channel = log.channel();
    int sent = fill(channel);
    for (int i = 0; i < 100; i++) {
      peer.send(FIN | PING, new byte[] {(byte) i});
      log.next();
    }
    for (int i = 0; i < sent; i++) {
      assertThat(peer.read().length()).isEqualTo(PIECE);
    }
    clients.settle();
    clients.advance(Duration.ofMillis(10));
    Frame pong = peer.read();
    assertThat(pong.opcode()).isEqualTo(PONG);
    assertThat(pong.payload()).containsExactly(99);
    channel.close();
    Frame close = peer.read();
    assertThat(close.opcode()).isEqualTo(CLOSE);
  }

  @Test
  void lostConnectionIsTold() throws Exception {
    WebSocketServerPeer peer = open(PLAIN);
    peer.wire().reset();
    assertThat(log.next()).startsWith("close ABNORMAL 1006");
    assertThat(log.channel().send("x")).isFalse();
  }
}
