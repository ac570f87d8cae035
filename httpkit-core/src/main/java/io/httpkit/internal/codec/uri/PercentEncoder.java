package io.httpkit.internal.codec.uri;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Percent-encoding of what may not stand as it is in one part of a URL, in UTF-8. RFC 3986 §2.1.
 */
public enum PercentEncoder {
  /** A path as a user types it: what is encoded already stays so. */
  PATH("-._~!$&'()*+,;=:@/", Given.MAY_BE_ENCODED),
  /** A query as a user types it: what is encoded already stays so. */
  QUERY("-._~!$&'()*+,;=:@/?", Given.MAY_BE_ENCODED),
  /** A user name and password as a user types them: what is encoded already stays so. */
  USER_INFO("-._~!$&'()*+,;=:", Given.MAY_BE_ENCODED),
  /** A name or value in a query. A space is {@code %20}, which every server understands. */
  QUERY_PARAMETER("-._~", Given.PLAIN),
  /** A name or value of a form, in which a space is a plus sign. WHATWG URL §5.2. */
  FORM_PARAMETER("-._*", Given.FORM);

  /** What the text that is to be encoded is. */
  private enum Given {
    PLAIN,
    FORM,
    MAY_BE_ENCODED
  }

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final String symbols;
  private final Given given;

  PercentEncoder(String symbols, Given given) {
    this.symbols = symbols;
    this.given = given;
  }

  /**
   * The text with everything encoded that this part of a URL may not hold.
   *
   * @throws IllegalArgumentException if it holds half of a surrogate pair, which has no UTF-8
   */
  public String encode(String text) {
    int at = 0;
    while (at < text.length() && isAllowed(text.charAt(at))) {
      at++;
    }
    if (at == text.length()) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, at);
    while (at < text.length()) {
      int c = text.codePointAt(at);
      encode(c, text, at, out);
      at += Character.charCount(c);
    }
    return out.toString();
  }

  private void encode(int c, String text, int at, StringBuilder out) {
    if (isAllowed(c) || (given == Given.MAY_BE_ENCODED && isEncoded(text, at))) {
      out.append((char) c);
    } else if (c == ' ' && given == Given.FORM) {
      out.append('+');
    } else if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
      throw new IllegalArgumentException("half of a surrogate pair at index " + at);
    } else {
      for (byte octet : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
        HEX.toHexDigits(out.append('%'), octet);
      }
    }
  }

  private boolean isAllowed(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || symbols.indexOf(c) >= 0;
  }

  /** Whether a percent sign with two hexadecimal digits is here. */
  private static boolean isEncoded(String text, int at) {
    return at + 2 < text.length()
        && text.charAt(at) == '%'
        && HexFormat.isHexDigit(text.charAt(at + 1))
        && HexFormat.isHexDigit(text.charAt(at + 2));
  }
}
