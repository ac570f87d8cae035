package io.httpkit.http;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cookie that a response sets: {@code Cookie.of("id",
 * "7").httpOnly().maxAge(Duration.ofDays(1))}. Immutable; each method returns a changed copy.
 *
 * @see "RFC 6265 §4.1"
 */
public final class Cookie {
  /** When a browser sends the cookie along with requests that another site caused. */
  public enum SameSite {
    STRICT("Strict"),
    LAX("Lax"),
    NONE("None");

    private final String text;

    SameSite(String text) {
      this.text = text;
    }
  }

  private final String name;
  private final String value;
  private final Map<String, String> attributes;

  private Cookie(String name, String value, Map<String, String> attributes) {
    this.name = name;
    this.value = value;
    this.attributes = attributes;
  }

  /**
   * A cookie without attributes.
   *
   * @throws IllegalArgumentException if the name is not a token or the value holds white space, a
   *     control character, a comma, semicolon, quote or backslash
   */
  public static Cookie of(String name, String value) {
    if (!Text.isToken(name)) {
      throw new IllegalArgumentException("cookie name must be a token but was " + Text.quote(name));
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c <= ' ' || c > '~' || c == '"' || c == ',' || c == ';' || c == '\\') {
        throw new IllegalArgumentException(
            "value of cookie "
                + name
                + " must be cookie octets of RFC 6265 but was "
                + Text.quote(value));
      }
    }
    return new Cookie(name, value, Map.of());
  }

  public String name() {
    return name;
  }

  public String value() {
    return value;
  }

  /** How long the browser keeps it, in whole seconds; zero deletes it. */
  public Cookie maxAge(Duration age) {
    if (age.isNegative()) {
      throw new IllegalArgumentException("max age must not be negative but was " + age);
    }
    return with("Max-Age", Long.toString(age.toSeconds()));
  }

  public Cookie path(String path) {
    return withText("Path", path);
  }

  public Cookie domain(String domain) {
    return withText("Domain", domain);
  }

  /** Sent over TLS only. */
  public Cookie secure() {
    return with("Secure", "");
  }

  /** Not shown to scripts. */
  public Cookie httpOnly() {
    return with("HttpOnly", "");
  }

  public Cookie sameSite(SameSite sameSite) {
    return with("SameSite", sameSite.text);
  }

  private Cookie withText(String attribute, String text) {
    boolean visible = text.chars().allMatch(c -> c >= ' ' && c <= '~' && c != ';');
    if (!visible || text.isBlank()) {
      throw new IllegalArgumentException(
          attribute
              + " of cookie "
              + name
              + " must be visible ASCII without ';' but was "
              + Text.quote(text));
    }
    return with(attribute, text);
  }

  private Cookie with(String attribute, String text) {
    Map<String, String> more = new LinkedHashMap<>(attributes);
    more.put(attribute, text);
    return new Cookie(name, value, more);
  }

  /** The value of the {@code Set-Cookie} field. */
  public String toHeader() {
    StringBuilder out = new StringBuilder(name).append('=').append(value);
    attributes.forEach(
        (attribute, text) ->
            out.append("; ").append(attribute).append(text.isEmpty() ? "" : "=" + text));
    return out.toString();
  }

  /**
   * The names and values in a {@code Cookie} field, the first of each name. Pairs that are
   * malformed are passed over, as browsers send what scripts have set.
   *
   * @throws BadMessageException with 400 if there are more than {@code limit}, malformed ones
   *     counted
   */
  public static Map<String, String> parse(@Nullable String field, int limit) {
    Map<String, String> cookies = new LinkedHashMap<>();
    if (field == null) {
      return cookies;
    }
    int count = 0;
    for (int start = 0; start < field.length(); ) {
      int semicolon = field.indexOf(';', start);
      int end = semicolon < 0 ? field.length() : semicolon;
      if (++count > limit) {
        throw new BadMessageException(Status.BAD_REQUEST, "more than " + limit + " cookies");
      }
      parsePair(field.substring(start, end), cookies);
      start = end + 1;
    }
    return cookies;
  }

  private static void parsePair(String pair, Map<String, String> into) {
    int equals = pair.indexOf('=');
    String name = equals < 0 ? "" : pair.substring(0, equals).strip();
    if (Text.isToken(name)) {
      into.putIfAbsent(name, unquoted(pair.substring(equals + 1).strip()));
    }
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Cookie other && toHeader().equals(other.toHeader());
  }

  @Override
  public int hashCode() {
    return toHeader().hashCode();
  }

  @Override
  public String toString() {
    return toHeader();
  }
}
