package io.httpkit.spring.boot.web.method;

import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.observation.HandledExceptions;
import io.httpkit.spring.boot.server.AcceptHeader;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.method.annotation.ExceptionHandlerMappingInfo;
import org.springframework.web.method.annotation.ExceptionHandlerMethodResolver;

/**
 * The {@code @ExceptionHandler} methods that a controller's errors go to: its own, then those of
 * advice in its order, then {@link Problems}. Any thread.
 */
final class ErrorMethods implements Failures {
  private final List<Source> sources;
  private final Problems problems;

  ErrorMethods(List<Source> sources, Problems problems) {
    this.sources = List.copyOf(sources);
    this.problems = problems;
  }

  /** The methods of one bean. */
  static final class Source {
    private final ExceptionHandlerMethodResolver resolver;
    private final Map<Method, ErrorMethod> methods;

    /**
     * @param methods all that the resolver may come to
     */
    Source(ExceptionHandlerMethodResolver resolver, Map<Method, ErrorMethod> methods) {
      this.resolver = resolver;
      this.methods = Map.copyOf(methods);
    }

    boolean isEmpty() {
      return !resolver.hasExceptionMappings();
    }

    /** The method for the first of these types that there is one for. */
    @Nullable ErrorMethod find(Throwable thrown, List<MediaType> accepted) {
      for (MediaType type : accepted) {
        ExceptionHandlerMappingInfo found = resolver.resolveExceptionMapping(thrown, type);
        if (found != null) {
          return methods.get(found.getHandlerMethod());
        }
      }
      return null;
    }
  }

  @Override
  public Response answer(Throwable thrown, Request request) {
    Throwable cause = noted(thrown, request);
    ErrorMethod method = find(cause, request);
    if (method == null) {
      return problems.answer(cause, request);
    }
    try {
      return method.answer(cause, request);
    } catch (Exception | Error e) {
      return problems.answer(inPlaceOf(cause, e), request);
    }
  }

  @Override
  public void give(Throwable thrown, Request request, Consumer<Response> taker) {
    Throwable cause = noted(thrown, request);
    ErrorMethod method = find(cause, request);
    if (method == null) {
      problems.give(cause, request, taker);
      return;
    }
    try {
      method.give(cause, request, taker);
    } catch (Exception | Error e) {
      problems.give(inPlaceOf(cause, e), request, taker);
    }
  }

  private static Throwable noted(Throwable thrown, Request request) {
    Throwable cause = Problems.unwrapped(thrown);
    HandledExceptions.record(request, cause);
    return cause;
  }

  private @Nullable ErrorMethod find(Throwable cause, Request request) {
    List<MediaType> accepted = accepted(request);
    for (Source source : sources) {
      ErrorMethod method = source.find(cause, accepted);
      if (method != null) {
        return method;
      }
    }
    return null;
  }

  /** A client that wants nothing, or cannot say what, has the same methods as others. */
  private static List<MediaType> accepted(Request request) {
    try {
      List<MediaType> types = AcceptHeader.of(request).types();
      return types.isEmpty() ? List.of(MediaType.ALL) : types;
    } catch (InvalidMediaTypeException e) {
      return List.of(MediaType.ALL);
    }
  }

  /** If the method fails itself, that is answered in place of what it was given. */
  private static Throwable inPlaceOf(Throwable cause, Throwable failure) {
    // Many throw again what they were given, and nothing may suppress itself.
    if (failure != cause) {
      failure.addSuppressed(cause);
    }
    return failure;
  }
}
