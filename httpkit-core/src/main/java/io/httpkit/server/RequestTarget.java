package io.httpkit.server;

import org.jspecify.annotations.Nullable;

/** The parts of a request target that the decoder has found to be well-formed. RFC 9112 §3.2. */
final class RequestTarget {
  private RequestTarget() {}

  /** The path of origin-form and absolute-form; any other form as it is. */
  static String path(String target) {
    int start = pathStart(target);
    int question = target.indexOf('?', start);
    int end = question < 0 ? target.length() : question;
    return start == end && start > 0 ? "/" : target.substring(start, end);
  }

  /** The query, or null if there is none. */
  static @Nullable String query(String target) {
    int question = target.indexOf('?');
    return question < 0 ? null : target.substring(question + 1);
  }

  private static int pathStart(String target) {
    if (target.startsWith("/")) {
      return 0;
    }
    int authority = target.indexOf("://");
    if (authority < 0) {
      return 0;
    }
    for (int i = authority + 3; i < target.length(); i++) {
      if (target.charAt(i) == '/' || target.charAt(i) == '?') {
        return i;
      }
    }
    return target.length();
  }
}
