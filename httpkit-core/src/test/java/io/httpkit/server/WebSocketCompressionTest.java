package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelGroup;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.ChannelOptions;
import io.httpkit.channel.ChannelOptions.Compression;
import io.httpkit.channel.SharedMessage;
import io.httpkit.server.WebSocketPeer.Frame;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** permessage-deflate over the wire. RFC 7692. */
class WebSocketCompressionTest {
  private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate";
  private static final int COMPRESSED = WebSocketPeer.FIN | WebSocketPeer.RSV1;
  private static final byte[] TAIL = {0, 0, -1, -1};

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  private final WebSocketLog log = new WebSocketLog();

  /** A peer's side of the extension, which keeps its context unless it is reset. */
  private static final class Codec implements AutoCloseable {
    private final Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    private final Inflater inflater = new Inflater(true);

    byte[] deflate(byte[] bytes) {
      deflater.setInput(bytes);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] piece = new byte[4096];
      int made;
      do {
        made = deflater.deflate(piece, 0, piece.length, Deflater.SYNC_FLUSH);
        out.write(piece, 0, made);
      } while (made == piece.length);
      byte[] all = out.toByteArray();
      return Arrays.copyOf(all, all.length - TAIL.length);
    }

    byte[] inflate(byte[] bytes) throws DataFormatException {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (byte[] part : new byte[][] {bytes, TAIL}) {
        inflater.setInput(part);
        byte[] piece = new byte[4096];
        for (int made = inflater.inflate(piece); made > 0; made = inflater.inflate(piece)) {
          out.write(piece, 0, made);
        }
      }
      return out.toByteArray();
    }

    void reset() {
      deflater.reset();
      inflater.reset();
    }

    @Override
    public void close() {
      deflater.end();
      inflater.end();
    }
  }

  private WebSocketPeer open(
      UnaryOperator<ChannelOptions> options, ChannelListener listener, String offer)
      throws Exception {
    HttpServer server = servers.start(request -> request.asChannel(options, listener));
    return WebSocketPeer.open(servers.connect(server), offer);
  }

  private static String text(int seed) {
    StringBuilder text = new StringBuilder();
    Random random = new Random(seed);
    while (text.length() < 5000) {
      text.append("word").append(random.nextInt(50)).append(random.nextInt(9) == 0 ? "é" : " ");
    }
    return text.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "EACH_MESSAGE,''",
    "CONTEXT_TAKEOVER,''",
    "CONTEXT_TAKEOVER,; server_no_context_takeover",
    "CONTEXT_TAKEOVER,; client_no_context_takeover",
    "EACH_MESSAGE,; server_max_window_bits=15",
    "EACH_MESSAGE,; server_max_window_bits=9; client_max_window_bits",
    "CONTEXT_TAKEOVER,; server_max_window_bits=8",
  })
  void messagesAreCompressedBothWays(Compression compression, String parameters) throws Exception {
    WebSocketPeer peer =
        open(
            options -> options.withCompression(compression),
            new WebSocketLog.Echo(),
            OFFER + parameters);
    String agreed = peer.answer().header("Sec-WebSocket-Extensions");
    boolean serverKeeps = !agreed.contains("server_no_context_takeover");
    boolean clientKeeps = !agreed.contains("client_no_context_takeover");
    try (Codec codec = new Codec()) {
      int before = 0;
      for (int i = 0; i < 5; i++) {
        String text = text(7);
        byte[] small = codec.deflate(WebSocketPeer.utf8(text));
        if (clientKeeps && i > 0) {
          assertThat(small.length).isLessThan(200);
        }
        peer.send(COMPRESSED | WebSocketPeer.TEXT, small);
        Frame answer = peer.read();
        assertThat(answer.isCompressed()).isTrue();
        assertThat(answer.isFinal()).isTrue();
        assertThat(new String(codec.inflate(answer.payload()), StandardCharsets.UTF_8))
            .isEqualTo(text);
        assertThat(answer.length()).isLessThan(WebSocketPeer.utf8(text).length);
        if (i > 0) {
          assertThat(answer.length() < before / 4).isEqualTo(serverKeeps && i == 1);
        }
        before = answer.length();
        if (!clientKeeps) {
          codec.deflater.reset();
        }
        if (!serverKeeps) {
          codec.inflater.reset();
        }
      }
    }
  }

  @Test
  void compressedMessageMayBeInFragmentsAndPieces() throws Exception {
    WebSocketPeer peer = open(options -> options, log, OFFER);
    String text = text(1);
    try (Codec codec = new Codec()) {
      byte[] small = codec.deflate(WebSocketPeer.utf8(text));
      int middle = small.length / 2;
      byte[] first =
          WebSocketPeer.frame(
              WebSocketPeer.RSV1 | WebSocketPeer.TEXT, Arrays.copyOf(small, middle));
      byte[] last =
          WebSocketPeer.frame(
              WebSocketPeer.FIN | WebSocketPeer.CONTINUATION,
              Arrays.copyOfRange(small, middle, small.length));
      for (byte each : first) {
        peer.raw(new byte[] {each});
      }
      peer.ping("between").expectPong("between");
      peer.raw(last);
      log.expect("open", "ping between", "text of " + text.length());
    }
  }

  @Test
  void smallMessagesAreNotCompressed() throws Exception {
    WebSocketPeer peer = open(options -> options.withMinCompressedBytes(100), log, OFFER);
    AsyncChannel channel = log.channel();
    channel.send("a".repeat(99));
    channel.send(SharedMessage.of("b".repeat(99)));
    channel.send("c".repeat(100));
    channel.send(SharedMessage.of("d".repeat(100)));
    channel.send(new ByteArrayInputStream(new byte[1000]));
    channel.close();

    peer.expectText("a".repeat(99)).expectText("b".repeat(99));
    try (Codec codec = new Codec()) {
      for (String expected : new String[] {"c", "d"}) {
        Frame frame = peer.read();
        assertThat(frame.isCompressed()).isTrue();
        assertThat(codec.inflate(frame.payload())).asString().isEqualTo(expected.repeat(100));
        codec.reset();
      }
    }
    assertThat(peer.readMessage(WebSocketPeer.BINARY)).isEqualTo(new byte[1000]);
    peer.expectClose(1000);
  }

  @Test
  void emptyMessageMayBeCompressed() throws Exception {
    WebSocketPeer peer =
        open(options -> options.withMinCompressedBytes(0), new WebSocketLog.Echo(), OFFER);
    peer.send(COMPRESSED | WebSocketPeer.TEXT, new byte[1]);
    Frame frame = peer.read();
    try (Codec codec = new Codec()) {
      assertThat(codec.inflate(frame.payload())).isEmpty();
    }
    peer.text("");
    assertThat(peer.read().opcode()).isEqualTo(WebSocketPeer.TEXT);
  }

  @Test
  void withoutAnOfferNothingIsCompressed() throws Exception {
    WebSocketPeer peer = open(options -> options, new WebSocketLog.Echo(), "X-Other: header");
    String text = text(2);
    peer.text(text).expectText(text);
    peer.send(COMPRESSED | WebSocketPeer.TEXT, new byte[1]);
    peer.expectClose(1002);
    peer.expectEof();
  }

  // ---- what is refused

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bombIsRefused1009(boolean keepsContext) throws Exception {
    Compression compression =
        keepsContext ? Compression.CONTEXT_TAKEOVER : Compression.EACH_MESSAGE;
    WebSocketPeer peer = open(options -> options.withCompression(compression), log, OFFER);
    try (Codec codec = new Codec()) {
      byte[] bomb = codec.deflate(new byte[64 * 1024 * 1024]);
      assertThat(bomb.length).isLessThan(100_000);
      peer.send(COMPRESSED | WebSocketPeer.BINARY, bomb);
    }
    assertThat(peer.expectClose(1009)).contains("4194304");
    peer.expectEof();
    log.expect("open");
    assertThat(log.next()).startsWith("close MESSAGE_TOO_BIG 1009 ");
  }

  @Test
  void largestMessageMayBeCompressed() throws Exception {
    WebSocketPeer peer = open(options -> options.withMaxMessage(100_000), log, OFFER);
    try (Codec codec = new Codec()) {
      peer.send(COMPRESSED | WebSocketPeer.BINARY, codec.deflate(new byte[100_000]));
      log.expect("open", "binary of 100000");
      codec.reset();
      peer.send(COMPRESSED | WebSocketPeer.BINARY, codec.deflate(new byte[100_001]));
      peer.expectClose(1009);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "compressed data is corrupt, 1007, c1, ffffffff",
    "compressed text is not UTF-8, 1007, c1, ''",
    "continuation marked as compressed, 1002, 40, 00",
    "control frame marked as compressed, 1002, c9, 00",
  })
  void brokenCompressionIsRefused(String name, int code, String first, String hex)
      throws Exception {
    WebSocketPeer peer = open(options -> options, log, OFFER);
    byte[] payload = HexFormat.of().parseHex(hex);
    if (payload.length == 0) {
      try (Codec codec = new Codec()) {
        payload = codec.deflate(new byte[] {'a', (byte) 0xc3, '('});
      }
    }
    peer.send(Integer.parseInt(first, 16), payload);
    assertThat(peer.expectClose(code)).as(name).isNotEmpty();
    peer.expectEof();
  }

  // ---- many

  @Test
  void sharedMessageSuitsEachChannel() throws Exception {
    ChannelGroup group = new ChannelGroup();
    WebSocketLog joining =
        new WebSocketLog() {
          @Override
          public void onOpen(AsyncChannel channel) {
            group.join(channel);
            add("joined");
          }
        };
    HttpServer server =
        servers.start(
            request ->
                request.asChannel(
                    options ->
                        options.withCompression(Compression.valueOf(request.target().substring(1))),
                    joining));
    String[] targets = {
      "/OFF", "/EACH_MESSAGE", "/EACH_MESSAGE", "/CONTEXT_TAKEOVER", "/EACH_MESSAGE"
    };
    String[] offers = {
      OFFER, OFFER, OFFER + "; server_max_window_bits=10", OFFER, "X-Other: header"
    };
    WebSocketPeer[] peers = new WebSocketPeer[targets.length];
    Codec[] codecs = new Codec[targets.length];
    for (int i = 0; i < peers.length; i++) {
      peers[i] = WebSocketPeer.openFor(servers.connect(server), targets[i], offers[i]);
      codecs[i] = new Codec();
      joining.expect("joined");
    }
    for (int round = 0; round < 4; round++) {
      String text = text(round);
      assertThat(group.broadcast(text)).isEqualTo(peers.length);
      for (AsyncChannel each : group) {
        each.send(text + "own");
      }
      for (int i = 0; i < peers.length; i++) {
        assertThat(decoded(peers[i].read(), codecs[i])).isEqualTo(text);
        assertThat(decoded(peers[i].read(), codecs[i])).isEqualTo(text + "own");
      }
    }
    for (Codec each : codecs) {
      each.close();
    }
  }

  private static String decoded(Frame frame, Codec codec) throws Exception {
    assertThat(frame.opcode()).isEqualTo(WebSocketPeer.TEXT);
    return frame.isCompressed()
        ? new String(codec.inflate(frame.payload()), StandardCharsets.UTF_8)
        : frame.text();
  }

  /** Context is kept between messages, so they must be compressed in the order they are sent. */
  @Test
  void manyWritersShareOneContext() throws Exception {
    int writers = 4;
    int rounds = 50;
    WebSocketPeer peer =
        open(
            options ->
                options
                    .withCompression(Compression.CONTEXT_TAKEOVER)
                    .withMaxQueuedBytes(Long.MAX_VALUE),
            log,
            OFFER);
    AsyncChannel channel = log.channel();
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try (Codec codec = new Codec()) {
      Future<?>[] all = new Future<?>[writers];
      for (int writer = 0; writer < writers; writer++) {
        int name = writer;
        all[writer] =
            threads.submit(
                () -> {
                  for (int i = 0; i < rounds; i++) {
                    byte[] message = Arrays.copyOf(WebSocketPeer.utf8(text(i)), 4000);
                    assertThat(channel.send(ByteBuffer.wrap(message).putInt(0, name))).isTrue();
                  }
                });
      }
      int[] next = new int[writers];
      for (int i = 0; i < writers * rounds; i++) {
        ByteBuffer message = ByteBuffer.wrap(codec.inflate(peer.read().payload()));
        int writer = message.getInt(0);
        byte[] expected = Arrays.copyOf(WebSocketPeer.utf8(text(next[writer]++)), 4000);
        assertThat(message).isEqualTo(ByteBuffer.wrap(expected).putInt(0, writer));
      }
      for (Future<?> each : all) {
        each.get(20, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
