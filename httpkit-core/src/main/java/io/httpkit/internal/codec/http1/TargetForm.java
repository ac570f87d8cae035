package io.httpkit.internal.codec.http1;

import io.httpkit.http.Method;
import org.jspecify.annotations.Nullable;

/** The forms of a request target of visible ASCII. RFC 9112 §3.2. */
final class TargetForm {
  private static final String HTTP = "http://";
  private static final String HTTPS = "https://";

  private TargetForm() {}

  /**
   * Whether it has the form that belongs to the method: origin-form or absolute-form;
   * authority-form for CONNECT, of which the port may not be left out, RFC 9110 §9.3.6; an asterisk
   * for OPTIONS.
   */
  static boolean fits(Method method, String target) {
    if (method == Method.CONNECT) {
      return isHostAndPort(target);
    }
    if (target.startsWith("/")) {
      return true;
    }
    if (target.equals("*")) {
      return method == Method.OPTIONS;
    }
    String authority = authority(target);
    return authority != null && Authority.isValid(authority);
  }

  private static boolean isHostAndPort(String target) {
    int colon = target.lastIndexOf(':');
    return Authority.isValid(target)
        && colon > target.lastIndexOf(']')
        && colon < target.length() - 1;
  }

  /** The host and port of an absolute-form, null for the others. */
  static @Nullable String authority(String target) {
    if (!isAbsolute(target)) {
      return null;
    }
    int start = isPlain(target) ? HTTP.length() : HTTPS.length();
    int end = start;
    while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
      end++;
    }
    return target.substring(start, end);
  }

  /** The port that the authority of an absolute-form may leave out. */
  static String defaultPort(String target) {
    return isPlain(target) ? "80" : "443";
  }

  private static boolean isAbsolute(String target) {
    return isPlain(target) || target.regionMatches(true, 0, HTTPS, 0, HTTPS.length());
  }

  private static boolean isPlain(String target) {
    return target.regionMatches(true, 0, HTTP, 0, HTTP.length());
  }
}
