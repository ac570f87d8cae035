package io.httpkit.internal.codec.http1;

import io.httpkit.http.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Encodes the heads of requests into heap buffers. RFC 9112 §3 and §5. Owns all that frames a
 * message, and {@code Host} and {@code Expect} as far as the application does not set them:
 *
 * <table>
 *   <caption>What becomes of the application's fields</caption>
 *   <tr><td>{@code Host}</td><td>instead of ours; refused twice</td></tr>
 *   <tr><td>{@code Content-Length}</td><td>left out; refused twice, and without a body unless it is
 *       0</td></tr>
 *   <tr><td>{@code Transfer-Encoding}</td><td>refused</td></tr>
 *   <tr><td>{@code Connection}</td><td>left out</td></tr>
 *   <tr><td>{@code Expect}</td><td>left out; refused unless it is 100-continue</td></tr>
 * </table>
 *
 * <p>Bodies in chunks are encoded as those of responses are, with {@link Http1Encoder}.
 */
public final class RequestEncoder {
  private static final int MAX_FRAMING_BYTES = 192;
  private static final int LINE_OVERHEAD = ": \r\n".length();
  private static final byte[] VERSION = ascii(" HTTP/1.1\r\n");
  private static final byte[] CONTINUE_LINE = ascii("Expect: 100-continue\r\n");
  private static final int ABSENT = -1;

  private RequestEncoder() {}

  private static byte[] ascii(String s) {
    return s.getBytes(StandardCharsets.US_ASCII);
  }

  /** An upper bound of the bytes of a head. */
  public static int headBytes(RequestStart start, Headers headers) {
    int bytes = MAX_FRAMING_BYTES + start.target().length() + start.host().length();
    for (int i = 0; i < headers.size(); i++) {
      bytes += headers.name(i).length() + headers.value(i).length() + LINE_OVERHEAD;
    }
    return bytes;
  }

  /**
   * Puts a head into a heap buffer with room for it. A buffer is as it was, but for the bytes
   * behind its position, when the head is refused.
   *
   * @throws IllegalArgumentException if a name or value would break the head, or a field says
   *     something else of the framing than {@code start}
   */
  public static void head(ByteBuffer out, RequestStart start, Headers headers) {
    int begin = out.position();
    try {
      requestLine(out, start);
      host(out, start, headers);
      fields(out, start, headers);
    } catch (IllegalArgumentException e) {
      out.position(begin);
      throw e;
    }
    if (start.expectsContinue()) {
      out.put(CONTINUE_LINE);
    }
    Http1Encoder.framing(out, start.length());
    Http1Encoder.persistence(out, start.persistence());
    Http1Encoder.crlf(out);
  }

  private static void requestLine(ByteBuffer out, RequestStart start) {
    text(out, start.method().name());
    out.put((byte) ' ');
    text(out, start.target());
    out.put(VERSION);
  }

  private static void text(ByteBuffer out, String checked) {
    byte[] array = out.array();
    int at = out.arrayOffset() + out.position();
    for (int i = 0; i < checked.length(); i++) {
      array[at++] = (byte) checked.charAt(i);
    }
    out.position(at - out.arrayOffset());
  }

  /** First of all fields, as RFC 9110 §7.2 advises. */
  private static void host(ByteBuffer out, RequestStart start, Headers headers) {
    int own = ABSENT;
    for (int i = 0; i < headers.size(); i++) {
      if (Owned.of(headers.name(i)) == Owned.HOST) {
        own = onlyOne(own, i, "Host");
      }
    }
    String host = own == ABSENT ? start.host() : headers.value(own);
    if (own != ABSENT && !Authority.isValid(host)) {
      throw new IllegalArgumentException("Host must be a name or address, with or without a port");
    }
    Http1Encoder.field(out, "Host", host);
  }

  private static int onlyOne(int earlier, int index, String name) {
    if (earlier != ABSENT) {
      throw new IllegalArgumentException("more than one " + name);
    }
    return index;
  }

  private static void fields(ByteBuffer out, RequestStart start, Headers headers) {
    int length = ABSENT;
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      switch (Owned.of(name)) {
        case HOST, CONNECTION -> {}
        case LENGTH -> {
          length = onlyOne(length, i, "Content-Length");
          checkLength(start, headers.value(i));
        }
        case CODING ->
            throw new IllegalArgumentException("Transfer-Encoding must be left to the client");
        case EXPECT -> checkExpect(headers.value(i));
        case NOBODY -> Http1Encoder.field(out, name, headers.value(i));
      }
    }
  }

  private static void checkLength(RequestStart start, String value) {
    if (!start.hasBody() && !value.equals("0")) {
      throw new IllegalArgumentException("Content-Length without a body");
    }
  }

  private static void checkExpect(String value) {
    if (!value.equalsIgnoreCase("100-continue")) {
      throw new IllegalArgumentException("the only expectation is 100-continue");
    }
  }

  /** Who a field belongs to. */
  private enum Owned {
    HOST,
    LENGTH,
    CODING,
    CONNECTION,
    EXPECT,
    /** The application. */
    NOBODY;

    static Owned of(String name) {
      return switch (name.length()) {
        case 4 -> name.equalsIgnoreCase("Host") ? HOST : NOBODY;
        case 6 -> name.equalsIgnoreCase("Expect") ? EXPECT : NOBODY;
        case 10 -> name.equalsIgnoreCase("Connection") ? CONNECTION : NOBODY;
        case 14 -> name.equalsIgnoreCase("Content-Length") ? LENGTH : NOBODY;
        case 17 -> name.equalsIgnoreCase("Transfer-Encoding") ? CODING : NOBODY;
        default -> NOBODY;
      };
    }
  }
}
