package io.httpkit.spring.boot.web.method;

import io.httpkit.server.Request;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value of the request that has a name.
 *
 * @param kind where it is
 * @param required whether a request without it is refused
 * @param otherwise what stands for it where it is missing
 */
record NamedValue(Kind kind, String name, boolean required, @Nullable String otherwise) {
  /** Where a value can be. */
  enum Kind {
    PATH_VARIABLE("path variable") {
      @Override
      @Nullable Object find(Request request, String name) {
        return request.pathVariables().get(name);
      }
    },
    PARAMETER("parameter") {
      @Override
      @Nullable Object find(Request request, String name) {
        return present(RequestValues.parameters(request, name));
      }
    },
    HEADER("header") {
      @Override
      @Nullable Object find(Request request, String name) {
        return present(request.headers().all(name));
      }
    },
    COOKIE("cookie") {
      @Override
      @Nullable Object find(Request request, String name) {
        return request.cookies().get(name);
      }
    },
    ATTRIBUTE("attribute") {
      @Override
      @Nullable Object find(Request request, String name) {
        return request.attribute(name);
      }
    };

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** The value: null when it is missing, a String or a List of them; an attribute is anything. */
    abstract @Nullable Object find(Request request, String name);

    /** How clients know it. */
    @Override
    public String toString() {
      return text;
    }

    private static @Nullable Object present(List<String> values) {
      return values.isEmpty() ? null : values;
    }
  }

  /** The value, or what stands for it; null without either. */
  @Nullable Object find(Request request) {
    Object found = kind.find(request, name);
    if (found == null && required) {
      throw BadRequests.missing(kind.toString(), name);
    }
    return found == null ? otherwise : found;
  }
}
