package io.httpkit.internal.codec.http1;

import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import io.httpkit.internal.codec.http1.Http1Encoder.Persistence;
import java.nio.ByteBuffer;

/**
 * Encodes the head of one request into heap buffers. RFC 9112 §3 and §5. Owns all that frames a
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
  private static final byte[] VERSION = Http1Encoder.ascii(" HTTP/1.1\r\n");
  private static final byte[] CONTINUE_LINE = Http1Encoder.ascii("Expect: 100-continue\r\n");
  private static final int ABSENT = -1;

  private final Method method;
  private final String target;
  private final String host;
  private final long length;
  private final Persistence persistence;
  private final boolean expectsContinue;

  /**
   * A head that says this beside the headers of the application.
   *
   * @param target in the form that belongs to the method and to whom it is sent; RFC 9112 §3.2
   * @param host the value of {@code Host}, unless the application sets it
   * @param length of the body, {@link Http1Encoder#CHUNKED} or {@link Http1Encoder#NO_LENGTH}
   * @param expectsContinue whether the body waits for 100; RFC 9110 §10.1.1
   * @throws IllegalArgumentException if the target or the host would break the head or mean
   *     something else, or if there is no body to wait with
   */
  public RequestEncoder(
      Method method,
      String target,
      String host,
      long length,
      Persistence persistence,
      boolean expectsContinue) {
    for (int i = 0; i < target.length(); i++) {
      if (!Octets.isTargetChar(target.charAt(i))) {
        throw new IllegalArgumentException(
            "request target must be visible ASCII without #, but is not at " + i);
      }
    }
    if (!RequestTarget.fits(method, target)) {
      throw new IllegalArgumentException(
          "request target of " + method + " has the wrong form: " + target);
    }
    if (!RequestTarget.isAuthority(host)) {
      throw new IllegalArgumentException("host must be a name or address, with or without a port");
    }
    if (length < Http1Encoder.CHUNKED) {
      throw new IllegalArgumentException("length must not be negative but was " + length);
    }
    this.method = method;
    this.target = target;
    this.host = host;
    this.length = length;
    this.persistence = persistence;
    this.expectsContinue = expectsContinue;
    if (expectsContinue && !hasBody()) {
      throw new IllegalArgumentException("no body to wait with for 100");
    }
  }

  /** Of a request that has no body and goes on with HTTP/1.1. */
  public static RequestEncoder of(Method method, String target, String host) {
    return new RequestEncoder(
        method, target, host, Http1Encoder.NO_LENGTH, Persistence.IMPLICIT, false);
  }

  /** Whether a body follows the head. */
  private boolean hasBody() {
    return length != 0 && length != Http1Encoder.NO_LENGTH;
  }

  /** An upper bound of the bytes of the head. */
  public int headBytes(Headers headers) {
    return MAX_FRAMING_BYTES + target.length() + host.length() + Http1Encoder.fieldBytes(headers);
  }

  /**
   * Puts the head into a heap buffer with room for it. A buffer is as it was, but for the bytes
   * behind its position, when the head is refused.
   *
   * @throws IllegalArgumentException if a name or value would break the head, or a field says
   *     something else of the framing than this
   */
  public void head(ByteBuffer out, Headers headers) {
    int begin = out.position();
    try {
      requestLine(out);
      host(out, headers);
      fields(out, headers);
    } catch (IllegalArgumentException e) {
      out.position(begin);
      throw e;
    }
    if (expectsContinue) {
      out.put(CONTINUE_LINE);
    }
    Http1Encoder.framing(out, length);
    Http1Encoder.text(out, persistence.line);
    Http1Encoder.crlf(out);
  }

  private void requestLine(ByteBuffer out) {
    Http1Encoder.text(out, method.name());
    out.put((byte) ' ');
    Http1Encoder.text(out, target);
    out.put(VERSION);
  }

  /** First of all fields, as RFC 9110 §7.2 advises. */
  private void host(ByteBuffer out, Headers headers) {
    int own = ABSENT;
    for (int i = 0; i < headers.size(); i++) {
      if (headers.nameEquals(i, "Host")) {
        own = onlyOne(own, i, "Host");
      }
    }
    if (own != ABSENT && !RequestTarget.isAuthority(headers.value(own))) {
      throw new IllegalArgumentException("Host must be a name or address, with or without a port");
    }
    Http1Encoder.field(out, "Host", own == ABSENT ? host : headers.value(own));
  }

  private static int onlyOne(int earlier, int index, String name) {
    if (earlier != ABSENT) {
      throw new IllegalArgumentException("more than one " + name);
    }
    return index;
  }

  private void fields(ByteBuffer out, Headers headers) {
    int lengthIndex = ABSENT;
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      if (name.equalsIgnoreCase("Content-Length")) {
        lengthIndex = onlyOne(lengthIndex, i, "Content-Length");
        checkLength(headers.value(i));
      } else if (name.equalsIgnoreCase("Transfer-Encoding")) {
        throw new IllegalArgumentException("Transfer-Encoding must be left to the client");
      } else if (name.equalsIgnoreCase("Expect")) {
        checkExpect(headers.value(i));
      } else if (!name.equalsIgnoreCase("Host") && !name.equalsIgnoreCase("Connection")) {
        Http1Encoder.field(out, name, headers.value(i));
      }
    }
  }

  private void checkLength(String value) {
    if (!hasBody() && !value.equals("0")) {
      throw new IllegalArgumentException("Content-Length without a body");
    }
  }

  private static void checkExpect(String value) {
    if (!value.equalsIgnoreCase("100-continue")) {
      throw new IllegalArgumentException("the only expectation is 100-continue");
    }
  }
}
