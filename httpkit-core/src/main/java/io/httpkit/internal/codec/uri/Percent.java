package io.httpkit.internal.codec.uri;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Status;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Percent-decoding, RFC 3986 §2.1. What is decoded has been read as ISO-8859-1, so a char is an
 * octet.
 */
public final class Percent {
  private Percent() {}

  /** A segment of a path, in UTF-8. */
  public static String decode(String s) {
    return s.indexOf('%') < 0 ? s : decode(s, StandardCharsets.UTF_8, false);
  }

  /** A name or value of a form or query, in which a plus sign is a space. */
  public static String decodeForm(String s, Charset charset) {
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c == '%' || c == '+' || c > 0x7f) {
        return decode(s, charset, true);
      }
    }
    return s;
  }

  private static String decode(String s, Charset charset, boolean plusIsSpace) {
    byte[] bytes = new byte[s.length()];
    int length = 0;
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c == '%') {
        bytes[length++] = (byte) octet(s, i);
        i += 2;
      } else {
        bytes[length++] = (byte) (c == '+' && plusIsSpace ? ' ' : c);
      }
    }
    return new String(bytes, 0, length, charset);
  }

  private static int octet(String s, int percent) {
    if (percent + 2 >= s.length()
        || !HexFormat.isHexDigit(s.charAt(percent + 1))
        || !HexFormat.isHexDigit(s.charAt(percent + 2))) {
      throw new BadMessageException(Status.BAD_REQUEST, "'%' without two hexadecimal digits");
    }
    return HexFormat.fromHexDigits(s, percent + 1, percent + 3);
  }
}
