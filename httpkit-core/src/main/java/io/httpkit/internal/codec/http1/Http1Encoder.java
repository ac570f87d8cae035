package io.httpkit.internal.codec.http1;

import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Encodes heads of responses, and chunks, into heap buffers. RFC 9112 §4 to §7. Owns all that
 * frames a message: of the application's headers, {@code Content-Length}, {@code Transfer-Encoding}
 * and {@code Connection} are left out.
 */
public final class Http1Encoder {
  /** What the {@code Connection} field says. */
  public enum Persistence {
    /** Nothing, as HTTP/1.1 goes on without a word. */
    IMPLICIT(""),
    /** That the connection goes on, for a client of HTTP/1.0. */
    KEEP_ALIVE("Connection: keep-alive\r\n"),
    /** That it ends behind this message. */
    CLOSE("Connection: close\r\n"),
    /** That it goes on with another protocol. RFC 9110 §7.8. */
    UPGRADE("Connection: Upgrade\r\n");

    final String line;

    Persistence(String line) {
      this.line = line;
    }
  }

  /** In place of a length: there is no body and no word about it. */
  public static final long NO_LENGTH = -1;

  /** In place of a length: the body comes in chunks. */
  public static final long CHUNKED = -2;

  /** The most that a chunk needs beside its data. */
  public static final int CHUNK_OVERHEAD = "12345678\r\n\r\n".length();

  private static final int MAX_FRAMING_BYTES = 128;
  private static final int LINE_OVERHEAD = ": \r\n".length();
  private static final byte[] VERSION = ascii("HTTP/1.1 ");
  private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
  private static final byte[] CHUNKED_LINE = ascii("Transfer-Encoding: chunked\r\n");
  private static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");
  private static final byte[] CRLF = ascii("\r\n");
  private static final byte[] LAST_CHUNK = ascii("0\r\n\r\n");
  private static final byte[] OK_LINE = ascii("HTTP/1.1 200 OK\r\n");

  private Http1Encoder() {}

  static byte[] ascii(String s) {
    return s.getBytes(StandardCharsets.US_ASCII);
  }

  /** An upper bound of the bytes of a head, without the default fields. */
  public static int headBytes(Status status, Headers headers) {
    return MAX_FRAMING_BYTES + status.reason().length() + fieldBytes(headers);
  }

  static int fieldBytes(Headers headers) {
    int bytes = 0;
    for (int i = 0; i < headers.size(); i++) {
      bytes += headers.name(i).length() + headers.value(i).length() + LINE_OVERHEAD;
    }
    return bytes;
  }

  /**
   * Puts a head into a heap buffer with room for it.
   *
   * @param length of the body, {@link #CHUNKED} or {@link #NO_LENGTH}
   * @throws IllegalArgumentException if a name or value would break the head
   */
  public static void head(
      ByteBuffer out,
      Status status,
      Headers headers,
      DefaultFields defaults,
      long length,
      Persistence persistence) {
    statusLine(out, status);
    boolean dated = false;
    boolean named = false;
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      if (!isFraming(name)) {
        dated |= name.equalsIgnoreCase("Date");
        named |= name.equalsIgnoreCase("Server");
        field(out, name, headers.value(i));
      }
    }
    out.put(defaults.without(dated, named));
    framing(out, length);
    text(out, persistence.line);
    crlf(out);
  }

  /** Whether a field says how the message ends, which is for the encoder to say. */
  private static boolean isFraming(String name) {
    return switch (name.length()) {
      case 10 -> name.equalsIgnoreCase("Connection");
      case 14 -> name.equalsIgnoreCase("Content-Length");
      case 17 -> name.equalsIgnoreCase("Transfer-Encoding");
      default -> false;
    };
  }

  private static void statusLine(ByteBuffer out, Status status) {
    if (status.code() == Status.OK.code() && status.reason().equals(Status.OK.reason())) {
      out.put(OK_LINE);
      return;
    }
    out.put(VERSION);
    decimal(out, status.code());
    out.put((byte) ' ');
    text(out, status.reason());
    crlf(out);
  }

  static void framing(ByteBuffer out, long length) {
    if (length == CHUNKED) {
      out.put(CHUNKED_LINE);
    } else if (length != NO_LENGTH) {
      out.put(CONTENT_LENGTH);
      decimal(out, length);
      crlf(out);
    }
  }

  /** Straight into the array: a head is mostly this. */
  static void field(ByteBuffer out, String name, String value) {
    byte[] array = out.array();
    int at = out.arrayOffset() + out.position();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!Octets.isTokenChar(c)) {
        throw new IllegalArgumentException("header name must be a token");
      }
      array[at++] = (byte) c;
    }
    if (name.isEmpty()) {
      throw new IllegalArgumentException("header name must not be empty");
    }
    array[at++] = ':';
    array[at++] = ' ';
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (!Octets.isValueChar(c)) {
        throw new IllegalArgumentException("control character in the value of header " + name);
      }
      array[at++] = (byte) c;
    }
    array[at++] = '\r';
    array[at++] = '\n';
    out.position(at - out.arrayOffset());
  }

  /** Puts what is known to be ASCII. */
  static void text(ByteBuffer out, String ascii) {
    byte[] array = out.array();
    int at = out.arrayOffset() + out.position();
    for (int i = 0; i < ascii.length(); i++) {
      array[at++] = (byte) ascii.charAt(i);
    }
    out.position(at - out.arrayOffset());
  }

  static void crlf(ByteBuffer out) {
    out.put((byte) '\r').put((byte) '\n');
  }

  private static void decimal(ByteBuffer out, long value) {
    int digits = 1;
    for (long v = value; v >= 10; v /= 10) {
      digits++;
    }
    int end = out.position() + digits;
    long v = value;
    for (int at = end - 1; at >= out.position(); at--) {
      out.put(at, (byte) ('0' + v % 10));
      v /= 10;
    }
    out.position(end);
  }

  /** {@code 100 Continue}. RFC 9110 §15.2.1. */
  public static ByteBuffer continueHead() {
    return ByteBuffer.wrap(CONTINUE);
  }

  /** Puts the line before a chunk of {@code size} bytes, more than none. RFC 9112 §7.1. */
  public static void chunkStart(ByteBuffer out, int size) {
    for (int shift = 28; shift >= 0; shift -= 4) {
      if (size >>> shift != 0) {
        out.put((byte) Character.forDigit(size >>> shift & 0xf, 16));
      }
    }
    crlf(out);
  }

  /** Puts the line end behind a chunk. */
  public static void chunkEnd(ByteBuffer out) {
    crlf(out);
  }

  /** The line end behind a chunk, by itself. */
  public static ByteBuffer chunkSeparator() {
    return ByteBuffer.wrap(CRLF);
  }

  /** The chunk that ends a body, without trailers. */
  public static ByteBuffer lastChunk() {
    return ByteBuffer.wrap(LAST_CHUNK);
  }
}
