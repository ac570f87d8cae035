package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A server that expects and sends the bytes a test says, over raw sockets. Nothing it does takes
 * longer than {@link #BOUND}.
 */
final class ScriptedServer implements AutoCloseable {
  static final Duration BOUND = Duration.ofSeconds(20);

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: ";

  private final ServerSocketChannel listening;
  private final Queue<Peer> peers = new ConcurrentLinkedQueue<>();

  private ScriptedServer(ServerSocketChannel listening) {
    this.listening = listening;
  }

  /** Listens on any port of 127.0.0.1. */
  static ScriptedServer start() throws IOException {
    return start(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 1024);
  }

  /**
   * Listens on any port.
   *
   * @param backlog connections that the system makes before they are accepted, about
   */
  static ScriptedServer start(InetAddress address, int backlog) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.bind(new InetSocketAddress(address, 0), backlog);
      return new ScriptedServer(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** An answer with this body, behind which the connection goes on. */
  static String ok(String body) {
    return OK + body.length() + "\r\n\r\n" + body;
  }

  InetSocketAddress address() {
    try {
      return (InetSocketAddress) listening.getLocalAddress();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  int port() {
    return address().getPort();
  }

  /** The value of a Host field for this server. */
  String host() {
    return "127.0.0.1:" + port();
  }

  String url(String path) {
    return "http://" + host() + path;
  }

  /** The head of a request for this path without a body, as a client without options sends it. */
  String request(String method, String path) {
    return method + " " + path + " HTTP/1.1\r\nHost: " + host() + "\r\n\r\n";
  }

  /** The connection that comes next; waits for it. */
  Peer accept() throws IOException {
    return accept(BOUND);
  }

  private Peer accept(Duration time) throws IOException {
    listening.socket().setSoTimeout(Math.toIntExact(time.toMillis()));
    SocketChannel channel = listening.socket().accept().getChannel();
    Peer peer = new Peer(channel);
    peers.add(peer);
    return peer;
  }

  /** Whether another connection comes in this time. */
  boolean acceptsWithin(Duration time) throws IOException {
    try {
      accept(time).close();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  /** Listens no more; the connections that were accepted go on. */
  void stopListening() throws IOException {
    listening.close();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Peer peer : peers) {
      peer.close();
    }
  }

  /** The server's end of a connection. One thread at a time. */
  static final class Peer implements AutoCloseable {
    private final SocketChannel channel;
    private final Socket socket;
    private final PushbackInputStream in;

    Peer(SocketChannel channel) throws IOException {
      this.channel = channel;
      this.socket = channel.socket();
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(Math.toIntExact(BOUND.toMillis()));
      this.in = new PushbackInputStream(socket.getInputStream());
    }

    /** Its socket, for layers above it. */
    Socket socket() {
      return socket;
    }

    // ---- sending

    /** Sends text, each character as one byte. */
    Peer send(String text) throws IOException {
      return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Peer send(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      return this;
    }

    Peer sendByteByByte(String text) throws IOException {
      for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
        send(new byte[] {b});
      }
      return this;
    }

    /** Sends a byte now and then, until the client sends something or ends the connection. */
    Peer drip(String text, Duration pause) throws IOException {
      for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
        if (!isSilentFor(pause)) {
          break;
        }
        send(new byte[] {b});
      }
      return this;
    }

    /** Sends as much as the client takes without reading; the number of bytes. */
    int offer(byte[] bytes) throws IOException {
      channel.configureBlocking(false);
      try {
        return channel.write(ByteBuffer.wrap(bytes));
      } finally {
        channel.configureBlocking(true);
      }
    }

    /**
     * Sends this again and again, until the client has taken nothing for this time.
     *
     * @param limit of bytes that are sent in any case; more fail
     * @return the number of bytes
     */
    int offerUntilStalled(byte[] bytes, int limit, Duration pause) throws IOException {
      int sent = 0;
      while (isWritableWithin(pause)) {
        sent += offer(bytes);
        assertThat(sent).as("bytes that nobody wants").isLessThan(limit);
      }
      return sent;
    }

    private boolean isWritableWithin(Duration time) throws IOException {
      channel.configureBlocking(false);
      try (Selector selector = Selector.open()) {
        channel.register(selector, SelectionKey.OP_WRITE);
        return selector.select(time.toMillis()) > 0;
      } finally {
        channel.configureBlocking(true);
      }
    }

    /** Sends nothing more, but still reads. */
    Peer halfClose() throws IOException {
      channel.shutdownOutput();
      return this;
    }

    /** Closes so that the client sees a reset. */
    void reset() throws IOException {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      channel.close();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }

    // ---- expecting

    private int read() throws IOException {
      try {
        return in.read();
      } catch (SocketTimeoutException e) {
        throw new AssertionError("the client sends nothing for " + BOUND, e);
      }
    }

    /** Reads as many bytes as this text has, which must be the same. */
    Peer expect(String text) throws IOException {
      StringBuilder read = new StringBuilder();
      while (read.length() < text.length()) {
        int next = read();
        if (next < 0) {
          break;
        }
        read.append((char) next);
        if (next != text.charAt(read.length() - 1)) {
          assertThat(read + restWithoutWaiting()).isEqualTo(text);
        }
      }
      assertThat(read.toString()).isEqualTo(text);
      return this;
    }

    private String restWithoutWaiting() throws IOException {
      return new String(in.readNBytes(in.available()), StandardCharsets.ISO_8859_1);
    }

    /** The head that comes next, with the empty line. */
    String head() throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
        int next = read();
        if (next < 0) {
          throw new EOFException("the client closed the connection behind: " + head);
        }
        head.append((char) next);
      }
      return head.toString();
    }

    /** The next bytes. */
    byte[] bytes(int length) throws IOException {
      byte[] bytes = in.readNBytes(length);
      assertThat(bytes).hasSize(length);
      return bytes;
    }

    /** The body in chunks that comes next, without its framing. */
    byte[] chunks() throws IOException {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int size = chunkSize(); size > 0; size = chunkSize()) {
        all.writeBytes(bytes(size));
        expect("\r\n");
      }
      expect("\r\n");
      return all.toByteArray();
    }

    private int chunkSize() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int next = read(); next != '\r'; next = read()) {
        line.append((char) next);
      }
      expect("\n");
      return Integer.parseInt(line.toString(), 16);
    }

    /** The client ends the connection, without another byte. */
    void expectEof() throws IOException {
      assertThat(new String(readToEnd(), StandardCharsets.ISO_8859_1))
          .as("bytes before the end of the connection")
          .isEmpty();
    }

    /** All bytes until the connection ends, with or without a reset. */
    byte[] readToEnd() {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      try {
        for (int next = read(); next >= 0; next = read()) {
          all.write(next);
        }
      } catch (IOException e) {
        // a reset ends it too
      }
      return all.toByteArray();
    }

    /** Whether neither a byte nor the end of the connection comes in this time. */
    boolean isSilentFor(Duration time) throws IOException {
      socket.setSoTimeout(Math.toIntExact(time.toMillis()));
      try {
        int next = in.read();
        if (next >= 0) {
          in.unread(next);
        }
        return false;
      } catch (SocketTimeoutException e) {
        return true;
      } finally {
        socket.setSoTimeout(Math.toIntExact(BOUND.toMillis()));
      }
    }
  }
}
