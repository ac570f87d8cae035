package io.httpkit.benchmarks.websocket;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** One WebSocket of a {@link Crowd}. */
public final class Client {
  private enum Phase {
    CONNECTING,
    /** The request is sent. */
    HANDSHAKE,
    OPEN,
    /** Our close frame is sent. */
    CLOSING,
    /** The server's is there too. */
    CLOSED
  }

  private static final byte[] NOTHING = {};
  private static final byte[] NORMAL = {0x03, (byte) 0xe8};

  /** The key that RFC 6455 §1.3 has as its example, and the answer to it. */
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  private static final String ACCEPT = "sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=\r\n";

  private final SocketChannel channel;
  private final int index;
  private final String path;
  private final boolean deflates;
  private Phase phase = Phase.CONNECTING;

  /** What was read of a frame that is not complete. */
  private byte[] rest = NOTHING;

  Client(SocketChannel channel, int index, String path, boolean deflates) {
    this.channel = channel;
    this.index = index;
    this.path = path;
    this.deflates = deflates;
  }

  /** Its number in the crowd, from 0. */
  public int index() {
    return index;
  }

  public boolean isOpen() {
    return phase == Phase.OPEN;
  }

  boolean isClosed() {
    return phase == Phase.CLOSED;
  }

  SocketChannel channel() {
    return channel;
  }

  /** Asks for the upgrade, now that there is a connection. */
  void connected() throws IOException {
    channel.finishConnect();
    String offer =
        deflates
            ? "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover;"
                + " server_no_context_takeover\r\n"
            : "";
    String request =
        "GET "
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
            + KEY
            + "\r\n"
            + offer
            + "\r\n";
    send(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
    phase = Phase.HANDSHAKE;
  }

  /**
   * Sends a message.
   *
   * @param first the first byte of its frame
   */
  public void send(int first, byte... payload) throws IOException {
    send(ClientFrames.frame(first, payload));
  }

  /** Sends all of it at once: nobody here sends so much that there is no room for it. */
  void send(ByteBuffer bytes) throws IOException {
    channel.write(bytes);
    if (bytes.hasRemaining()) {
      throw new IOException("the connection takes no more");
    }
  }

  void close() throws IOException {
    send(ClientFrames.CLOSE, NORMAL);
    phase = Phase.CLOSING;
  }

  /**
   * Reads once.
   *
   * @param bytes where to, and where the listener finds its frames
   */
  void read(byte[] bytes, ClientListener listener) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(bytes).put(rest);
    rest = NOTHING;
    if (channel.read(in) < 0) {
      throw new EOFException("the server has ended the connection");
    }
    int end = in.position();
    int position = phase == Phase.HANDSHAKE ? handshake(bytes, end) : 0;
    int next = phase == Phase.HANDSHAKE ? position : frame(bytes, position, end, listener);
    while (next > position) {
      position = next;
      next = frame(bytes, position, end, listener);
    }
    if (position < end) {
      if (!in.hasRemaining() && position == 0) {
        throw new IOException("a frame or response that is larger than any expected");
      }
      rest = Arrays.copyOfRange(bytes, position, end);
    }
  }

  /** Returns where the response ends, 0 if it is not complete. */
  private int handshake(byte[] bytes, int end) throws IOException {
    String all = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
    int last = all.indexOf("\r\n\r\n");
    if (last < 0) {
      return 0;
    }
    String head = all.substring(0, last + 2).toLowerCase(Locale.ROOT);
    boolean agrees = head.startsWith("http/1.1 101 ") && head.contains(ACCEPT);
    boolean hasDeflate =
        head.contains("permessage-deflate") && head.contains("server_no_context_takeover");
    if (!agrees || hasDeflate != deflates) {
      throw new IOException("the handshake is answered: " + head);
    }
    phase = Phase.OPEN;
    return last + 4;
  }

  /** Returns where the frame ends, its begin if it is not complete. */
  private int frame(byte[] bytes, int begin, int end, ClientListener listener) throws IOException {
    int available = end - begin;
    if (available < 2) {
      return begin;
    }
    int header = 2;
    int length = bytes[begin + 1];
    if (length == 126) {
      header = 4;
      if (available < header) {
        return begin;
      }
      length = ((bytes[begin + 2] & 0xff) << 8) | (bytes[begin + 3] & 0xff);
    } else if (length < 0 || length == 127) {
      throw new IOException("a frame that is masked or larger than any expected");
    }
    if (available < header + length) {
      return begin;
    }
    frame(bytes[begin] & 0xff, bytes, begin + header, length, listener);
    return begin + header + length;
  }

  private void frame(int first, byte[] bytes, int offset, int length, ClientListener listener)
      throws IOException {
    switch (first & 0x0f) {
      case 0, 1, 2 -> listener.onFrame(this, first, bytes, offset, length);
      case 8 -> closedByServer(bytes, offset, length);
      case 9 -> send(ClientFrames.PONG, Arrays.copyOfRange(bytes, offset, offset + length));
      case 10 -> {}
      default -> throw new IOException("a frame that begins with the byte " + first);
    }
  }

  private void closedByServer(byte[] bytes, int offset, int length) throws IOException {
    if (phase != Phase.CLOSING) {
      ByteBuffer payload = ByteBuffer.wrap(bytes, offset, length);
      int code = length < 2 ? 0 : payload.getShort();
      throw new IOException(
          "the server has closed with " + code + " " + StandardCharsets.UTF_8.decode(payload));
    }
    phase = Phase.CLOSED;
  }
}
