package io.httpkit.client;

import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A {@code Set-Cookie} field as it was sent, read as leniently as RFC 6265 §5.2 asks for. */
final class SetCookie {
  private static final int MAX_LENGTH = 4096;
  private static final int MAX_ATTRIBUTE = 1024;

  final String name;
  final String value;

  // Of each attribute the last counts.
  private OptionalLong expiresMillis = OptionalLong.empty();
  private OptionalLong maxAgeSeconds = OptionalLong.empty();

  /** In lower case without a leading dot; null if there is none. */
  @Nullable String domain;

  /** Null if there is none that begins with a slash. */
  @Nullable String path;

  boolean isSecure;

  private SetCookie(String name, String value) {
    this.name = name;
    this.value = value;
  }

  /** Reads a field; null if it is to be ignored as a whole. */
  static @Nullable SetCookie parse(String field) {
    int end = end(field, 0);
    int equals = field.indexOf('=');
    boolean pair = equals >= 0 && equals < end;
    String name = pair ? field.substring(0, equals).strip() : "";
    String value = pair ? field.substring(equals + 1, end).strip() : "";
    if (name.isEmpty() || name.length() + value.length() > MAX_LENGTH || hasControl(field)) {
      return null;
    }
    SetCookie cookie = new SetCookie(name, value);
    for (int start = end + 1; start < field.length(); start = end + 1) {
      end = end(field, start);
      cookie.read(field.substring(start, end));
    }
    return cookie;
  }

  private static int end(String field, int start) {
    int semicolon = field.indexOf(';', start);
    return semicolon < 0 ? field.length() : semicolon;
  }

  private static boolean hasControl(String field) {
    return field.chars().anyMatch(c -> c != '\t' && (c < ' ' || c == 0x7f));
  }

  private void read(String attribute) {
    int equals = attribute.indexOf('=');
    String name = equals < 0 ? attribute : attribute.substring(0, equals);
    String value = equals < 0 ? "" : attribute.substring(equals + 1).strip();
    if (value.length() > MAX_ATTRIBUTE) {
      return;
    }
    switch (name.strip().toLowerCase(Locale.ROOT)) {
      case "expires" -> {
        OptionalLong date = CookieDate.parse(value);
        expiresMillis = date.isPresent() ? date : expiresMillis;
      }
      case "max-age" -> {
        OptionalLong age = seconds(value);
        maxAgeSeconds = age.isPresent() ? age : maxAgeSeconds;
      }
      case "domain" -> domain = domain(value);
      case "path" -> path = value.startsWith("/") ? value : null;
      case "secure" -> isSecure = true;
      default -> {
        // HttpOnly and SameSite are about scripts and pages, which are not here.
      }
    }
  }

  private static @Nullable String domain(String value) {
    String domain = value.startsWith(".") ? value.substring(1) : value;
    return domain.isEmpty() ? null : domain.toLowerCase(Locale.ROOT);
  }

  /** Digits, possibly behind a minus sign, as many as there may be. */
  private static OptionalLong seconds(String value) {
    boolean negative = value.startsWith("-");
    String digits = negative ? value.substring(1) : value;
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return OptionalLong.empty();
    }
    if (negative) {
      return OptionalLong.of(0);
    }
    return OptionalLong.of(digits.length() > 10 ? Integer.MAX_VALUE : Long.parseLong(digits));
  }

  /** When it expires, in milliseconds since 1970; {@link Long#MAX_VALUE} if never. */
  long expiryMillis(long nowMillis) {
    if (maxAgeSeconds.isPresent()) {
      long age = maxAgeSeconds.getAsLong();
      return age == 0 ? Long.MIN_VALUE : nowMillis + 1000 * age;
    }
    return expiresMillis.orElse(Long.MAX_VALUE);
  }
}
