package io.httpkit.spring.boot.web.method;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;

/**
 * Says what is wrong with a body of JSON, without the names of classes. Loaded only if Jackson is
 * there.
 */
final class UnreadableBody {
  /** How much of a path is told, as clients can make it as long as they like. */
  private static final int SHOWN = 100;

  private UnreadableBody() {}

  /** Null if Jackson does not say it. */
  static @Nullable String describe(@Nullable Throwable cause) {
    if (!(cause instanceof JacksonException error)) {
      return null;
    }
    if (error instanceof StreamConstraintsException) {
      return "The body " + excess(error) + ".";
    }
    String path = path(error);
    if (error instanceof StreamReadException || path.isEmpty()) {
      return "The body is not the JSON that is expected" + place(error) + ".";
    }
    return "The value of '" + path + "' in the body is not of the right kind" + place(error) + ".";
  }

  /** Which of its limits is exceeded, Jackson says in words only. */
  private static String excess(JacksonException error) {
    return error.getOriginalMessage().contains("nesting depth")
        ? "is nested too deeply"
        : "has a value or a name that is too long";
  }

  private static String place(JacksonException error) {
    TokenStreamLocation at = error.getLocation();
    return at == null || at.getLineNr() < 0
        ? ""
        : ", at line " + at.getLineNr() + ", column " + at.getColumnNr();
  }

  private static String path(JacksonException error) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference step : error.getPath()) {
      if (path.length() > SHOWN) {
        break;
      }
      String name = step.getPropertyName();
      if (name == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(name);
      }
    }
    return path.length() <= SHOWN ? path.toString() : path.substring(0, SHOWN) + "…";
  }
}
