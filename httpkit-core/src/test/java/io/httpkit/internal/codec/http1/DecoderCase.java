package io.httpkit.internal.codec.http1;

import io.httpkit.http.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A row of the decoder's tables.
 *
 * @param name what the row shows
 * @param text the bytes that come in, as Latin-1
 * @param limits of the decoder
 * @param maxBody given to the decoder behind each head
 * @param asked the methods to which the bytes are responses; none if they are requests
 * @param ends whether the peer ends behind the bytes
 * @param expected the events in the words of {@link Decoding}; a status stands last
 */
record DecoderCase(
    String name,
    String text,
    Http1Limits limits,
    long maxBody,
    List<Method> asked,
    boolean ends,
    List<String> expected) {
  static final Http1Limits LIMITS = new Http1Limits(8192, 64 * 1024, 200, 8192);

  /** Rows of up to so many bytes are cut everywhere, longer ones at some places. */
  private static final int CUT_EVERYWHERE = 400;

  private static final int CUTS_AT_ENDS = 40;
  private static final int CUT_STEP = 1009;

  static DecoderCase row(String name, String text, String... expected) {
    return new DecoderCase(name, text, LIMITS, Long.MAX_VALUE, List.of(), false, List.of(expected));
  }

  /** Bytes that answer a GET. */
  static DecoderCase response(String text, String... expected) {
    return row(text, text, expected).to(Method.GET);
  }

  /** A head of this request line and a host. */
  static DecoderCase line(String requestLine, String... expected) {
    return row(requestLine, requestLine + "\r\nHost: example.com\r\n\r\n", expected);
  }

  /** A head of {@code GET /}, a host and this header line. */
  static DecoderCase header(String headerLine, String... expected) {
    return row(headerLine, get(headerLine + "\r\n"), expected);
  }

  /** The bytes of {@code GET /} with a host and these header lines. */
  static String get(String headerLines) {
    return "GET / HTTP/1.1\r\nHost: a\r\n" + headerLines + "\r\n";
  }

  /** The bytes of {@code POST /} with a host, these header lines and this body. */
  static String post(String headerLines, String body) {
    return "POST / HTTP/1.1\r\nHost: a\r\n" + headerLines + "\r\n" + body;
  }

  /** The same with other limits. */
  DecoderCase within(Http1Limits others) {
    return new DecoderCase(name, text, others, maxBody, asked, ends, expected);
  }

  /** The same with a bound for the body. */
  DecoderCase withMaxBody(long bytes) {
    return new DecoderCase(name, text, limits, bytes, asked, ends, expected);
  }

  /** The same bytes as responses to requests of these methods. */
  DecoderCase to(Method... methods) {
    return new DecoderCase(name, text, limits, maxBody, List.of(methods), ends, expected);
  }

  /** The same with these events behind those expected so far. */
  DecoderCase then(String... more) {
    List<String> all = Stream.concat(expected.stream(), Stream.of(more)).toList();
    return new DecoderCase(name, text, limits, maxBody, asked, ends, all);
  }

  /** The same with the end of the input behind the bytes. */
  DecoderCase ended() {
    return new DecoderCase(name, text, limits, maxBody, asked, true, expected);
  }

  byte[] bytes() {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Where the bytes are cut in two. */
  IntStream cuts() {
    int length = text.length();
    return IntStream.range(1, length)
        .filter(
            cut ->
                length <= CUT_EVERYWHERE
                    || cut < CUTS_AT_ENDS
                    || length - cut < CUTS_AT_ENDS
                    || cut % CUT_STEP == 0);
  }

  /** For a report: the bytes with control characters made visible, shortened. */
  String shown() {
    StringBuilder out = new StringBuilder();
    for (char c : text.substring(0, Math.min(text.length(), CUT_EVERYWHERE)).toCharArray()) {
      out.append(c >= ' ' && c <= '~' ? String.valueOf(c) : "\\x" + Integer.toHexString(c));
    }
    return out.toString();
  }

  @Override
  public String toString() {
    String shown = Arrays.toString(name.split("\r\n", -1)).replaceAll("[^ -~]", "?");
    return shown.substring(1, Math.min(shown.length() - 1, 80));
  }
}
