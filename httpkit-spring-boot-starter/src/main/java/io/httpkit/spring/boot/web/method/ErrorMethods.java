package io.httpkit.spring.boot.web.method;

import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.observation.HandledExceptions;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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

    @Nullable ErrorMethod find(Throwable thrown) {
      Method method = resolver.resolveMethodByThrowable(thrown);
      return method == null ? null : methods.get(method);
    }
  }

  /** A method that answers errors. */
  interface ErrorMethod {
    Response answer(List<Throwable> causes, Request request) throws Exception;
  }

  @Override
  public Response answer(Throwable thrown, Request request) {
    Throwable cause = Problems.unwrapped(thrown);
    HandledExceptions.record(request, cause);
    for (Source source : sources) {
      ErrorMethod method = source.find(cause);
      if (method != null) {
        return answer(method, cause, request);
      }
    }
    return problems.answer(cause, request);
  }

  /** If the method fails itself, that is answered in place of what it was given. */
  private Response answer(ErrorMethod method, Throwable cause, Request request) {
    try {
      return method.answer(chain(cause), request);
    } catch (Exception | Error e) {
      // Many throw again what they were given, and nothing may suppress itself.
      if (e != cause) {
        e.addSuppressed(cause);
      }
      return problems.answer(e, request);
    }
  }

  /** What a method may ask for as its argument: the error, or a cause of it. */
  private static List<Throwable> chain(Throwable thrown) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable t = thrown; t != null && !chain.contains(t); t = t.getCause()) {
      chain.add(t);
    }
    return chain;
  }
}
