package io.httpkit.spring.boot.support;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A connection to a server on this machine, byte by byte. */
public final class Wire implements Closeable {
  /**
   * How long a read waits: longer than any time-out that a test sets takes, shorter than each of
   * the defaults, which are 10 seconds or more.
   */
  private static final int READ_MILLIS = 8000;

  private final Socket socket;
  private final PushbackInputStream in;

  /** Uses a connected socket. */
  public Wire(Socket socket) throws IOException {
    socket.setSoTimeout(READ_MILLIS);
    this.socket = socket;
    this.in = new PushbackInputStream(socket.getInputStream());
  }

  /** Connects to this port. */
  public static Wire to(int port) throws IOException {
    return new Wire(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** Sends characters of ISO 8859-1. */
  public Wire send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** Sends a request with these lines, each of which gets its line end. */
  public Wire request(String... lines) throws IOException {
    return send(String.join("\r\n", lines) + "\r\n\r\n");
  }

  /** All up to and with the empty line. */
  public String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) read());
    }
    return head.toString();
  }

  /** Whether something comes, or the peer closes, within so many milliseconds. */
  public boolean answersWithin(int millis) throws IOException {
    socket.setSoTimeout(millis);
    try {
      int next = in.read();
      if (next >= 0) {
        in.unread(next);
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } finally {
      socket.setSoTimeout(READ_MILLIS);
    }
  }

  /** The next byte. */
  public int read() throws IOException {
    int next = in.read();
    if (next < 0) {
      throw new EOFException();
    }
    return next;
  }

  /** So many characters of ISO 8859-1. */
  public String text(int length) throws IOException {
    return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
  }

  /** All until the peer closes. */
  public String rest() throws IOException {
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    in.transferTo(rest);
    return rest.toString(StandardCharsets.ISO_8859_1);
  }

  /** The status of a response. */
  public int status() throws IOException {
    return Integer.parseInt(head().split(" ", 3)[1]);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
