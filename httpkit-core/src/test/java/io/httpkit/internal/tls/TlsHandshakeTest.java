package io.httpkit.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.loop.FakeTicker;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.net.IoLoop;
import io.httpkit.internal.net.Protocol;
import io.httpkit.tls.TestKeys;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two connections of one loop that turns when the test says so, over a real socket. */
@Timeout(60)
class TlsHandshakeTest {
  private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long TICK = 1_000;
  private static final long TIMEOUT = 100_000;
  private static final SSLContext SERVER = TestKeys.localhost().context();
  private static final SSLContext CLIENT = TestKeys.trustingOnly(TestKeys.localhost());

  private final List<Throwable> errors = new CopyOnWriteArrayList<>();
  private final FakeTicker ticker = new FakeTicker(0);
  private final EventLoop loop = new EventLoop(ticker, TICK, errors::add);
  private final IoLoop io = new IoLoop(loop, 10 * TIMEOUT, 10 * TIMEOUT);
  private final ServerSocketChannel listening = ServerSocketChannel.open();
  private final List<Connection> connections = new ArrayList<>();

  TlsHandshakeTest() throws IOException {}

  @BeforeEach
  void bind() throws IOException {
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    loop.runOnce();
  }

  @AfterEach
  void close() throws IOException {
    loop.runOnce();
    connections.forEach(connection -> connection.close(null));
    loop.close();
    loop.runOnce();
    listening.close();
    assertThat(errors).isEmpty();
  }

  private void turnUntil(BooleanSupplier done) {
    long start = System.nanoTime();
    while (!done.getAsBoolean()) {
      assertThat(System.nanoTime() - start).isLessThan(MAX_NANOS);
      loop.runOnce();
      Thread.onSpinWait();
    }
  }

  /** Remembers what it is told; the protocol behind the handshake too. */
  private static final class End implements TlsHandshake.Listener, Protocol {
    final List<String> seen = new ArrayList<>();
    final StringBuilder received = new StringBuilder();
    Queue<String> toSay = new ArrayDeque<>();
    @Nullable Throwable failure;
    @Nullable Connection connection;
    boolean truncated;

    @Override
    public Protocol established(Connection secured, SSLSession session, String protocol) {
      seen.add("established " + session.getProtocol() + ' ' + protocol);
      assertThat(secured.tlsSession()).isNotNull();
      return this;
    }

    @Override
    public void failed(Connection refused, Throwable cause) {
      seen.add("failed");
      failure = cause;
    }

    @Override
    public void closed(Connection refused) {
      seen.add("end");
    }

    @Override
    public void onOpen(Connection opened) {
      connection = opened;
      for (String text : toSay) {
        opened.output().write(bytes(text));
      }
    }

    @Override
    public void onBytes(ByteBuffer in) {
      received.append(StandardCharsets.ISO_8859_1.decode(in));
    }

    @Override
    public void onEof() {
      seen.add("eof");
      truncated = connection != null && connection.isTruncated();
    }

    @Override
    public void onTick(long nowNanos) {}

    @Override
    public void onShutdown() {}

    @Override
    public void onClosed(@Nullable Throwable cause) {
      seen.add("closed");
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static SSLEngine engine(boolean isClient, String... protocols) {
    SSLEngine engine = (isClient ? CLIENT : SERVER).createSSLEngine("localhost", 443);
    engine.setUseClientMode(isClient);
    if (protocols.length > 0) {
      engine.setEnabledProtocols(protocols);
    }
    return engine;
  }

  private static TlsHandshake handshake(SSLEngine engine, Executor tasks, End end) {
    return new TlsHandshake(engine, tasks, TIMEOUT, end);
  }

  private Connection open(SocketChannel channel, Protocol protocol) throws IOException {
    channel.configureBlocking(false);
    Connection connection = new Connection(io, channel, protocol);
    connections.add(connection);
    connection.open();
    return connection;
  }

  /** The end that accepts, and of the other the bare socket. */
  private SocketChannel accept(Protocol protocol) throws IOException {
    SocketChannel peer = SocketChannel.open(listening.getLocalAddress());
    open(listening.accept(), protocol);
    return peer;
  }

  private void connect(TlsHandshake server, TlsHandshake client) throws IOException {
    open(accept(server), client);
  }

  private Connection serverSide() {
    return connections.get(0);
  }

  // ---- success

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bothEndsAreToldAndSpeak(String protocol) throws IOException {
    End server = new End();
    End client = new End();
    SSLEngine serverEngine = engine(false);
    SSLEngine clientEngine = engine(true, protocol);
    setApplicationProtocols(serverEngine, "h2", "http/1.1");
    setApplicationProtocols(clientEngine, "http/1.1");
    server.toSay.add("welcome");
    client.toSay.add("hello");
    connect(
        handshake(serverEngine, Runnable::run, server),
        handshake(clientEngine, Runnable::run, client));

    turnUntil(() -> server.received.length() == 5 && client.received.length() == 7);

    assertThat(server.received).hasToString("hello");
    assertThat(client.received).hasToString("welcome");
    assertThat(server.seen).containsExactly("established " + protocol + " http/1.1");
    assertThat(client.seen).isEqualTo(server.seen);
  }

  private static void setApplicationProtocols(SSLEngine engine, String... protocols) {
    javax.net.ssl.SSLParameters parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    engine.setSSLParameters(parameters);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bytesBehindTheHandshakeAreNotLostWhereverTheWireIsCut(String protocol) throws Exception {
    for (int piece = 1; piece < 2_000; piece += 1 + piece / 8) {
      End server = new End();
      SocketChannel peer = accept(handshake(engine(false), Runnable::run, server));
      try (TlsPeer client = new TlsPeer(engine(true, protocol), peer)) {
        int bytes = piece;
        turnUntil(() -> client.shakeHands("hello" + bytes, bytes));
        turnUntil(() -> server.received.length() == ("hello" + bytes).length());
        assertThat(server.received).hasToString("hello" + bytes);
      }
      // a reset if tickets were not read
      turnUntil(() -> server.seen.size() > 1);
      assertThat(server.seen.get(1)).isIn("eof", "closed");
    }
  }

  @Test
  void connectionMaySwitchToItLaterWithUnreadBytes() throws IOException {
    End server = new End();
    End client = new End();
    client.toSay.add("hello");
    Protocol plain =
        new Interim() {
          @Override
          public void onBytes(ByteBuffer in) {
            if (in.remaining() >= 5) {
              in.position(in.position() + 5);
              opened().switchTo(handshake(engine(false), Runnable::run, server));
            }
          }
        };
    Protocol asking =
        new Interim() {
          @Override
          public void onOpen(Connection connection) {
            connection.output().write(bytes("plain"));
            connection.switchTo(handshake(engine(true), Runnable::run, client));
          }
        };
    open(accept(plain), asking);

    turnUntil(() -> server.received.length() == 5);

    assertThat(server.received).hasToString("hello");
  }

  private abstract static class Interim implements Protocol {
    private @Nullable Connection connection;

    Connection opened() {
      assertThat(connection).isNotNull();
      return connection;
    }

    @Override
    public void onOpen(Connection opened) {
      connection = opened;
    }

    @Override
    public void onBytes(ByteBuffer in) {}

    @Override
    public void onEof() {}

    @Override
    public void onTick(long nowNanos) {}

    @Override
    public void onShutdown() {}

    @Override
    public void onClosed(@Nullable Throwable cause) {}
  }

  @Test
  void tasksRunElsewhereWhileNothingIsRead() throws Exception {
    Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    End server = new End();
    End client = new End();
    client.toSay.add("hello");
    connect(
        handshake(engine(false), tasks::add, server), handshake(engine(true), tasks::add, client));
    turnUntil(() -> !tasks.isEmpty());

    while (server.received.length() < 5) {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        Thread thread = new Thread(task);
        thread.start();
        thread.join();
      }
      loop.runOnce();
    }

    assertThat(server.received).hasToString("hello");
  }

  /** Negotiates once more, within what was negotiated first. */
  private record Around(SSLEngine inner, End end) implements TlsHandshake.Listener {
    static TlsHandshake handshakes(SSLEngine outer, SSLEngine inner, End end) {
      return new TlsHandshake(outer, Runnable::run, TIMEOUT, new Around(inner, end));
    }

    @Override
    public Protocol established(Connection secured, SSLSession session, String protocol) {
      return handshake(inner, Runnable::run, end);
    }

    @Override
    public void failed(Connection refused, Throwable cause) {
      throw new AssertionError(cause);
    }
  }

  @ParameterizedTest
  @CsvSource({"TLSv1.3, TLSv1.2", "TLSv1.2, TLSv1.3"})
  void tlsWithinTlsIsKnownByItsInnerSession(String outer, String inner) throws IOException {
    End server = new End();
    End client = new End();
    client.toSay.add("hello");
    connect(
        Around.handshakes(engine(false), engine(false), server),
        Around.handshakes(engine(true, outer), engine(true, inner), client));
    turnUntil(() -> server.received.length() == 5);

    for (End end : List.of(server, client)) {
      assertThat(end.seen).containsExactly("established " + inner + " ");
      assertThat(end.connection).isNotNull();
      SSLSession session = end.connection.tlsSession();
      assertThat(session).isNotNull();
      assertThat(session.getProtocol()).isEqualTo(inner);
    }
    assertThat(server.received).hasToString("hello");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tenMegabytesFlowBothWaysWhileAWorkerWritesAndKeysChange(boolean isWithinTls)
      throws Exception {
    End server = new End();
    End client = new End();
    SSLEngine serverEngine = engine(false);
    SSLEngine clientEngine = engine(true, "TLSv1.3");
    if (isWithinTls) {
      connect(
          Around.handshakes(engine(false), serverEngine, server),
          Around.handshakes(engine(true), clientEngine, client));
    } else {
      connect(
          handshake(serverEngine, Runnable::run, server),
          handshake(clientEngine, Runnable::run, client));
    }
    turnUntil(() -> server.connection != null && client.connection != null);
    byte[] sent = new byte[10 * 1024 * 1024];
    new Random(1).nextBytes(sent);
    List<Thread> writers = new ArrayList<>();
    for (End end : List.of(server, client)) {
      Connection connection = end.connection;
      assertThat(connection).isNotNull();
      Thread writer =
          new Thread(
              () -> {
                for (int at = 0; at < sent.length; at += 10_000) {
                  int length = Math.min(10_000, sent.length - at);
                  connection.output().write(ByteBuffer.wrap(sent, at, length));
                  if (at % 1_000_000 == 0) {
                    updateKeys(end == server ? serverEngine : clientEngine);
                  }
                }
              });
      writers.add(writer);
      writer.start();
    }

    turnUntil(
        () -> server.received.length() >= sent.length && client.received.length() >= sent.length);
    for (Thread writer : writers) {
      writer.join();
    }

    String expected = new String(sent, StandardCharsets.ISO_8859_1);
    assertThat(server.received.toString().equals(expected)).isTrue();
    assertThat(client.received.toString().equals(expected)).isTrue();
  }

  private static void updateKeys(SSLEngine engine) {
    try {
      engine.beginHandshake();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  // ---- the end

  @Test
  void peerThatHasSaidThatItEndsGetsItsAnswer() throws IOException {
    End server = new End();
    End client = new End();
    client.toSay.add("hello");
    connect(
        handshake(engine(false), Runnable::run, server),
        handshake(engine(true), Runnable::run, client));
    turnUntil(() -> server.received.length() == 5);
    Connection asked = serverSide();

    connections.get(1).finishAndLinger();
    turnUntil(() -> server.seen.contains("eof"));
    assertThat(asked.isHalfOpen()).isTrue();
    assertThat(server.truncated).isFalse();
    assertThat(asked.output().write(bytes("late"))).isTrue();
    asked.finish();
    turnUntil(() -> client.seen.contains("closed"));

    assertThat(server.seen).endsWith("eof", "closed");
    assertThat(errors).isEmpty();
  }

  @Test
  void endThatWasNotSaidIsTruncation() throws Exception {
    End server = new End();
    SocketChannel peer = accept(handshake(engine(false), Runnable::run, server));
    try (TlsPeer client = new TlsPeer(engine(true), peer)) {
      turnUntil(() -> client.shakeHands("hello", 10_000));
      turnUntil(() -> server.received.length() == 5);
      peer.shutdownOutput();
      turnUntil(() -> server.seen.contains("eof"));

      assertThat(server.truncated).isTrue();
      assertThat(serverSide().output().write(bytes("answer"))).isTrue();
      serverSide().finish();
      turnUntil(() -> client.readToEnd());
      assertThat(client.received()).isEqualTo("answer");
      assertThat(client.hasEnded()).isTrue();
    }
  }

  // ---- failure

  private void assertFailed(End end, Class<? extends Throwable> type, String message) {
    assertThat(end.failure).isInstanceOf(type).hasMessageContaining(message);
    assertThat(end.seen.get(0)).isEqualTo("failed");
    assertThat(end.seen).doesNotContain("closed");
    assertThat(end.received).isEmpty();
  }

  @Test
  void endsThatDoNotAgreeAreBothToldWhy() throws IOException {
    End server = new End();
    End client = new End();
    connect(
        handshake(engine(false, "TLSv1.2"), Runnable::run, server),
        handshake(engine(true, "TLSv1.3"), Runnable::run, client));

    turnUntil(() -> server.seen.contains("end") && client.seen.contains("end"));

    assertFailed(server, SSLHandshakeException.class, "protocol");
    assertFailed(client, SSLHandshakeException.class, "protocol_version");
    assertThat(server.seen).containsExactly("failed", "end");
  }

  @Test
  void certificateThatIsNotTrustedIsNamedToBoth() throws IOException {
    End server = new End();
    End client = new End();
    SSLEngine distrustful = TestKeys.trustingOnly().createSSLEngine("localhost", 443);
    distrustful.setUseClientMode(true);
    connect(
        handshake(engine(false), Runnable::run, server),
        handshake(distrustful, Runnable::run, client));

    turnUntil(() -> server.seen.contains("end") && client.seen.contains("end"));

    assertFailed(client, SSLHandshakeException.class, "PKIX path building failed");
    assertFailed(server, SSLHandshakeException.class, "certificate_unknown");
  }

  /** To a client that waits for the first of a server, or to a server that has not said a thing. */
  @ParameterizedTest
  @CsvSource({
    "true, 1603034001, 16385",
    "true, 160303ffff02, 65535",
    "true, 1503034001, 16385",
    "true, 1703034101, 16641",
    "false, 1603014001, 16385",
    "false, 1703034101, 16641",
  })
  void recordThatIsTooLongIsAnsweredWithRecordOverflow(boolean isClient, String hex, int length)
      throws IOException {
    End end = new End();
    SocketChannel peer = accept(handshake(engine(isClient), Runnable::run, end));
    peer.write(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    turnUntil(() -> end.failure != null);

    assertFailed(end, SSLException.class, "a record of " + length + " bytes");
    peer.shutdownOutput();
    turnUntil(() -> end.seen.contains("end"));
    assertThat(readAll(peer)).endsWith("1503030002" + "02" + "16");
  }

  /** What this end has said, in hexadecimal. */
  private static String readAll(SocketChannel peer) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(64 * 1024);
    while (peer.read(all) >= 0) {
      assertThat(all.hasRemaining()).isTrue();
    }
    peer.close();
    return HexFormat.of().formatHex(all.array(), 0, all.position());
  }

  /** The keys are in use then, and what can be said is what the engine says. */
  @Test
  void recordThatIsTooLongBehindTheFirstIsAnsweredUnderKeys() throws IOException {
    End server = new End();
    SSLEngine clientEngine = engine(true, "TLSv1.3");
    SocketChannel peer = accept(handshake(engine(false), Runnable::run, server));
    TlsPeer client = new TlsPeer(clientEngine, peer);
    client.sayHello(10_000);
    peer.write(ByteBuffer.wrap(HexFormat.of().parseHex("1703034101")));
    turnUntil(() -> server.failure != null);

    assertFailed(server, SSLException.class, "a record of 16641 bytes");
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> turnUntil(() -> client.shakeHands("", 10_000) && client.readToEnd()))
        .withMessageContaining("unexpected_message");
    client.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100})
  void timeIsLimited(int helloBytes) throws Exception {
    End server = new End();
    SocketChannel peer = accept(handshake(engine(false), Runnable::run, server));
    TlsPeer client = new TlsPeer(engine(true), peer);
    client.sayHello(helloBytes);
    loop.runOnce();
    ticker.advance(TIMEOUT - 1);
    loop.runOnce();
    loop.runOnce();
    assertThat(server.seen).isEmpty();
    ticker.advance(1);
    loop.runOnce();
    loop.runOnce();

    assertFailed(server, SocketTimeoutException.class, "TLS handshake took more than");
    assertThat(server.seen).containsExactly("failed", "end");
    client.close();
  }

  @Test
  void timeIsPreciseAlthoughTicksAreRare() throws Exception {
    long second = TimeUnit.SECONDS.toNanos(1);
    for (boolean isClient : new boolean[] {false, true}) {
      FakeTicker rareTicker = new FakeTicker(0);
      EventLoop rare = new EventLoop(rareTicker, second, errors::add);
      IoLoop rareIo = new IoLoop(rare, 100 * second, 100 * second);
      rare.runOnce();
      long third = second / 3;
      rareTicker.advance(third);
      rare.runOnce();
      End end = new End();
      TlsHandshake slow = new TlsHandshake(engine(isClient), Runnable::run, 10 * second, end);
      try (SocketChannel peer = SocketChannel.open(listening.getLocalAddress())) {
        SocketChannel accepted = listening.accept();
        accepted.configureBlocking(false);
        new Connection(rareIo, accepted, slow).open();
        rareTicker.advance(second - third);
        rare.runOnce();
        // ticks are at full seconds, the deadline is between two of them
        for (int i = 0; i < 9; i++) {
          rareTicker.advance(second);
          rare.runOnce();
        }
        rareTicker.advance(third - 1);
        rare.runOnce();
        rare.runOnce();
        assertThat(end.seen).isEmpty();
        rareTicker.advance(1);
        rare.runOnce();
        rare.runOnce();

        assertThat(peer.isOpen()).isTrue();
        assertFailed(end, SocketTimeoutException.class, "took more than 10000 ms");
      } finally {
        rare.close();
        rare.runOnce();
      }
    }
  }

  @Test
  void serverMayNotAskOurClientToNegotiateAgain() throws IOException {
    End server = new End();
    End client = new End();
    SSLEngine serverEngine = engine(false);
    connect(
        handshake(serverEngine, Runnable::run, server),
        handshake(engine(true, "TLSv1.2"), Runnable::run, client));
    turnUntil(() -> server.connection != null && client.connection != null);

    serverEngine.beginHandshake();
    assertThat(serverSide().output().write(bytes("x"))).isTrue();
    turnUntil(() -> client.seen.contains("closed"));

    assertThat(client.received.length()).isLessThanOrEqualTo(1);
    turnUntil(() -> server.seen.contains("closed") || server.seen.contains("eof"));
  }

  @ParameterizedTest
  @CsvSource({"false,NEED_WRAP", "false,NEED_UNWRAP", "true,NEED_WRAP", "true,NEED_UNWRAP"})
  void engineThatGetsNowhereEndsTheHandshake(boolean isClient, HandshakeStatus status)
      throws Exception {
    End end = new End();
    SocketChannel peer =
        accept(handshake(new StuckEngine(engine(isClient), status), Runnable::run, end));
    peer.write(bytes("anything"));
    turnUntil(() -> end.failure != null);

    assertFailed(end, SSLException.class, "no progress within the handshake");
    peer.close();
  }

  @ParameterizedTest
  @CsvSource({"false,false", "false,true", "true,false", "true,true"})
  void engineThatGetsNowhereClosesTheConnection(boolean isClient, boolean isWriting)
      throws Exception {
    End end = new End();
    StuckEngine stuck = StuckEngine.behindHandshake(engine(isClient));
    SocketChannel peer = accept(handshake(stuck, Runnable::run, end));
    peer.write(bytes("hello"));
    turnUntil(() -> end.connection != null);
    if (isWriting) {
      boolean unused = serverSide().output().write(bytes("anything"));
    } else {
      peer.write(bytes("anything"));
    }
    turnUntil(() -> end.seen.contains("closed"));

    assertThat(end.received).isEmpty();
    assertThat(peer.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    peer.close();
  }

  @Test
  void timeIsLimitedWhileTasksRunToo() throws Exception {
    Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    End server = new End();
    SocketChannel peer = accept(handshake(engine(false), tasks::add, server));
    TlsPeer client = new TlsPeer(engine(true), peer);
    client.sayHello(10_000);
    turnUntil(() -> !tasks.isEmpty());
    ticker.advance(TIMEOUT + TICK);
    loop.runOnce();
    assertFailed(server, SocketTimeoutException.class, "TLS handshake took more than");
    tasks.remove().run();
    loop.runOnce();

    assertThat(server.seen).containsExactly("failed", "end");
    client.close();
  }

  @Test
  void tasksThatNobodyRunsEndIt() throws Exception {
    End server = new End();
    Executor full =
        task -> {
          throw new RejectedExecutionException("full");
        };
    SocketChannel peer = accept(handshake(engine(false), full, server));
    TlsPeer client = new TlsPeer(engine(true), peer);
    client.sayHello(10_000);
    turnUntil(() -> server.failure != null);

    assertFailed(server, RejectedExecutionException.class, "full");
    client.close();
  }

  @Test
  void peerThatVanishesEndsIt() throws Exception {
    End server = new End();
    SocketChannel peer = accept(handshake(engine(false), Runnable::run, server));
    new TlsPeer(engine(true), peer).sayHello(100);
    peer.close();
    turnUntil(() -> server.failure != null);

    assertFailed(server, EOFException.class, "within the TLS handshake");
  }

  @Test
  void garbageEndsIt() throws Exception {
    End server = new End();
    SocketChannel peer = accept(handshake(engine(false), Runnable::run, server));
    peer.write(bytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    turnUntil(() -> server.failure != null);

    assertThat(server.failure).isInstanceOf(javax.net.ssl.SSLException.class);
    peer.close();
  }

  @Test
  void shutdownEndsIt() throws Exception {
    End server = new End();
    SocketChannel peer = accept(handshake(engine(false), Runnable::run, server));
    serverSide().shutdown();

    assertFailed(server, CancellationException.class, "no longer wanted");
    assertThat(server.seen).containsExactly("failed", "end");
    peer.close();
  }
}
