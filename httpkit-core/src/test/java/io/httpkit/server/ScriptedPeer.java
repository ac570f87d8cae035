package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.http.Headers;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A client, or a server, that sends and expects the bytes a test says, over a raw socket. Nothing
 * it does takes longer than {@link #BOUND}.
 */
final class ScriptedPeer implements AutoCloseable {
  static final Duration BOUND = Duration.ofSeconds(20);

  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final ByteBuffer in = ByteBuffer.allocate(64 * 1024).limit(0);

  private ScriptedPeer(SocketChannel channel) throws IOException {
    this.channel = channel;
    this.selector = Selector.open();
    channel.configureBlocking(false);
    this.key = channel.register(selector, 0);
  }

  static ScriptedPeer connect(HttpServer server) throws IOException {
    return connect(server, 0);
  }

  /**
   * Connects.
   *
   * @param receiveBuffer bytes that the system keeps for it; 0 for as many as it likes
   */
  static ScriptedPeer connect(HttpServer server, int receiveBuffer) throws IOException {
    SocketAddress address = server.address();
    if (address instanceof InetSocketAddress inet && inet.getAddress().isAnyLocalAddress()) {
      address = new InetSocketAddress(InetAddress.getLoopbackAddress(), inet.getPort());
    }
    return connect(address, receiveBuffer);
  }

  private static ScriptedPeer connect(SocketAddress address, int receiveBuffer) throws IOException {
    boolean unix = address instanceof UnixDomainSocketAddress;
    SocketChannel channel =
        unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
    try {
      if (receiveBuffer > 0) {
        channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
      }
      channel.connect(address);
      if (!unix) {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      }
      return new ScriptedPeer(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** The server's end of the connection that comes next; waits for it. */
  static ScriptedPeer accept(ServerSocketChannel listening) throws IOException {
    SocketChannel channel = listening.accept();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      return new ScriptedPeer(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  SocketAddress localAddress() throws IOException {
    return channel.getLocalAddress();
  }

  // ---- sending

  /** Sends text, each character as one byte. */
  ScriptedPeer send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  ScriptedPeer send(byte[] bytes) throws IOException {
    long deadline = System.nanoTime() + BOUND.toNanos();
    ByteBuffer out = ByteBuffer.wrap(bytes);
    while (out.hasRemaining()) {
      if (channel.write(out) == 0) {
        await(SelectionKey.OP_WRITE, deadline, "the server does not read");
      }
    }
    return this;
  }

  /** Sends what the server takes without reading; the number of bytes. */
  int offer(byte[] bytes) throws IOException {
    return channel.write(ByteBuffer.wrap(bytes));
  }

  /** Sends a byte now and then until the server answers, or the connection or the text ends. */
  ScriptedPeer drip(String text, Duration pause) throws IOException {
    for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
      send(new byte[] {b});
      if (hasWithin(pause)) {
        break;
      }
    }
    return this;
  }

  ScriptedPeer sendByteByByte(String text) throws IOException {
    for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
      send(new byte[] {b});
    }
    return this;
  }

  /** Sends nothing more, but still reads. */
  ScriptedPeer halfClose() throws IOException {
    channel.shutdownOutput();
    return this;
  }

  /** Closes so that the server sees a reset. */
  void reset() throws IOException {
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    close();
  }

  @Override
  public void close() throws IOException {
    channel.close();
    selector.close();
  }

  // ---- expecting

  /** Reads as many bytes as this text has, which must be the same. */
  ScriptedPeer expect(String text) throws IOException {
    byte[] bytes = new byte[text.length()];
    int count = 0;
    while (count < bytes.length && has()) {
      bytes[count++] = in.get();
    }
    assertThat(new String(bytes, 0, count, StandardCharsets.ISO_8859_1)).isEqualTo(text);
    return this;
  }

  /** Reads a response to GET. */
  Reply read() throws IOException {
    return read("GET");
  }

  /** Reads a response to a request with this method. */
  Reply read(String method) throws IOException {
    String statusLine = line();
    Headers.Builder lines = Headers.builder();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(": ");
      lines.add(line.substring(0, colon), line.substring(colon + 2));
    }
    Headers headers = lines.build();
    assertThat(statusLine).matches("HTTP/1\\.1 [1-9][0-9][0-9] .*");
    boolean bodyless = method.equals("HEAD") || statusLine.matches("HTTP/1\\.1 (1..|204|304) .*");
    return new Reply(statusLine, headers, bodyless ? new byte[0] : body(headers));
  }

  private byte[] body(Headers headers) throws IOException {
    assertThat(headers.all("Content-Length").size() + headers.all("Transfer-Encoding").size())
        .as("framings in %s", headers)
        .isLessThan(2);
    if (headers.contains("Transfer-Encoding")) {
      return chunks();
    }
    if (headers.contains("Content-Length")) {
      return bytes(Integer.parseInt(headers.get("Content-Length").orElseThrow()));
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (has()) {
      all.write(in.get());
    }
    return all.toByteArray();
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
      all.writeBytes(bytes(size));
      assertThat(line()).isEmpty();
    }
    assertThat(line()).isEmpty();
    return all.toByteArray();
  }

  /** The bytes up to the next CR LF, which is read too. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    while (line.length() < 2 || line.charAt(line.length() - 2) != '\r') {
      line.append(next());
      if (line.charAt(line.length() - 1) != '\n') {
        continue;
      }
      assertThat(line.toString()).endsWith("\r\n");
    }
    return line.substring(0, line.length() - 2);
  }

  private char next() throws IOException {
    if (!has()) {
      throw new EOFException("the server closed the connection");
    }
    return (char) (in.get() & 0xff);
  }

  /** The next bytes. */
  byte[] bytes(int length) throws IOException {
    byte[] bytes = new byte[length];
    for (int at = 0; at < length; ) {
      if (!has()) {
        throw new EOFException(
            "the server closed the connection " + (length - at) + " bytes early");
      }
      int step = Math.min(length - at, in.remaining());
      in.get(bytes, at, step);
      at += step;
    }
    return bytes;
  }

  /** The server ends the connection, without another byte. */
  void expectEof() throws IOException {
    StringBuilder more = new StringBuilder();
    while (has()) {
      more.append(next());
    }
    assertThat(more).as("bytes before the end of the connection").isEmpty();
  }

  /** All bytes until the connection ends, with or without a reset. */
  byte[] readToEnd() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      while (has()) {
        all.write(in.get());
      }
    } catch (IOException e) {
      // a reset ends it too
    }
    return all.toByteArray();
  }

  /** Whether a byte, or the end of the connection, comes in this time. */
  boolean hasWithin(Duration time) throws IOException {
    if (in.hasRemaining()) {
      return true;
    }
    key.interestOps(SelectionKey.OP_READ);
    boolean ready = (time.isZero() ? selector.selectNow() : selector.select(time.toMillis())) > 0;
    selector.selectedKeys().clear();
    return ready;
  }

  /** Whether a byte comes before the end of the connection. */
  private boolean has() throws IOException {
    if (in.hasRemaining()) {
      return true;
    }
    long deadline = System.nanoTime() + BOUND.toNanos();
    int count = channel.read(in.clear());
    while (count == 0) {
      await(SelectionKey.OP_READ, deadline, "the server sends nothing");
      count = channel.read(in);
    }
    in.flip();
    return count > 0;
  }

  private void await(int op, long deadline, String otherwise) throws IOException {
    key.interestOps(op);
    long millis = (deadline - System.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      throw new AssertionError(otherwise + " for " + BOUND);
    }
    selector.select(millis);
    selector.selectedKeys().clear();
  }

  /** A response. */
  static final class Reply {
    private final String statusLine;
    private final Headers headers;
    private final byte[] body;

    Reply(String statusLine, Headers headers, byte[] body) {
      this.statusLine = statusLine;
      this.headers = headers;
      this.body = body;
    }

    /** The first line, without its end. */
    String statusLine() {
      return statusLine;
    }

    int status() {
      return Integer.parseInt(statusLine, 9, 12, 10);
    }

    Headers headers() {
      return headers;
    }

    /** The value of a header; empty when there is none. */
    String header(String name) {
      return headers.get(name).orElse("");
    }

    byte[] body() {
      return body.clone();
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    /** It answers an error, shortly and as text, and the connection ends with it. */
    void assertRefused(int expected) {
      assertThat(status()).as("%s: %s", statusLine, text()).isEqualTo(expected);
      assertThat(header("Connection")).isEqualTo("close");
      assertThat(header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
      assertThat(header("Content-Length")).isEqualTo(Integer.toString(body.length));
      assertThat(text()).hasSizeBetween(1, 120).endsWith("\n");
    }
  }
}
