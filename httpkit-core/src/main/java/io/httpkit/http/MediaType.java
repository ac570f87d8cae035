package io.httpkit.http;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The value of a {@code Content-Type}: {@code type/subtype} in lower case and its parameters, whose
 * names are in lower case.
 *
 * @see "RFC 9110 §8.3.1"
 */
public record MediaType(String type, String subtype, Map<String, String> parameters) {
  /** By name in lower case; empty until it is needed, which is seldom. */
  private static volatile Map<String, Charset> knownCharsets = Map.of();

  public MediaType {
    if (!Text.isToken(type) || !Text.isToken(subtype)) {
      throw new IllegalArgumentException(
          "media type must be type/subtype but was " + Text.quote(type + "/" + subtype));
    }
    parameters = Map.copyOf(parameters);
  }

  /** The media type in this header value; empty when it is malformed. */
  public static Optional<MediaType> parse(String value) {
    int semicolon = value.indexOf(';');
    String essence = (semicolon < 0 ? value : value.substring(0, semicolon)).strip();
    int slash = essence.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    String type = essence.substring(0, slash).toLowerCase(Locale.ROOT);
    String subtype = essence.substring(slash + 1).toLowerCase(Locale.ROOT);
    if (!Text.isToken(type) || !Text.isToken(subtype)) {
      return Optional.empty();
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    if (semicolon >= 0 && !parseParameters(value, semicolon, parameters)) {
      return Optional.empty();
    }
    return Optional.of(new MediaType(type, subtype, parameters));
  }

  /**
   * {@code *( OWS ";" OWS [ token "=" ( token / quoted-string ) ] )} from the first semicolon on.
   */
  private static boolean parseParameters(String s, int from, Map<String, String> into) {
    int at = from;
    while (at < s.length()) {
      if (s.charAt(at) != ';') {
        return false;
      }
      at = skipSpace(s, at + 1);
      if (at == s.length() || s.charAt(at) == ';') {
        continue;
      }
      int equals = s.indexOf('=', at);
      if (equals < 0 || !Text.isToken(s.substring(at, equals))) {
        return false;
      }
      String name = s.substring(at, equals).toLowerCase(Locale.ROOT);
      StringBuilder value = new StringBuilder();
      int end = parseValue(s, equals + 1, value);
      if (end < 0) {
        return false;
      }
      at = skipSpace(s, end);
      into.putIfAbsent(name, value.toString());
    }
    return true;
  }

  /** Where the value ends; -1 if its quotes do not. */
  private static int parseValue(String s, int from, StringBuilder into) {
    int at = from;
    if (at == s.length() || s.charAt(at) != '"') {
      while (at < s.length() && Text.isTokenChar(s.charAt(at))) {
        into.append(s.charAt(at++));
      }
      return at;
    }
    for (at++; at < s.length() && s.charAt(at) != '"'; at++) {
      if (s.charAt(at) == '\\' && at + 1 < s.length()) {
        at++;
      }
      into.append(s.charAt(at));
    }
    return at < s.length() ? at + 1 : -1;
  }

  private static int skipSpace(String s, int from) {
    int at = from;
    while (at < s.length() && (s.charAt(at) == ' ' || s.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }

  /** {@code type/subtype} without parameters. */
  public String essence() {
    return type + "/" + subtype;
  }

  /** The charset parameter; empty when there is none or this JVM does not know it. */
  public Optional<Charset> charset() {
    String name = parameters.get("charset");
    if (name == null) {
      return Optional.empty();
    }
    return name.equalsIgnoreCase("utf-8")
        ? Optional.of(StandardCharsets.UTF_8)
        : Optional.ofNullable(knownCharset(name.toLowerCase(Locale.ROOT)));
  }

  /** The JDK searches all its providers anew each time it is asked for a name it does not know. */
  private static @Nullable Charset knownCharset(String lowerCaseName) {
    Map<String, Charset> known = knownCharsets;
    if (known.isEmpty()) {
      known = new HashMap<>();
      for (Charset charset : Charset.availableCharsets().values()) {
        known.put(charset.name().toLowerCase(Locale.ROOT), charset);
        for (String alias : charset.aliases()) {
          known.put(alias.toLowerCase(Locale.ROOT), charset);
        }
      }
      knownCharsets = known;
    }
    return known.get(lowerCaseName);
  }
}
