package io.httpkit.spring.boot.web.method;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.http.Status;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.web.ArgumentResolver;
import io.httpkit.spring.boot.web.ArgumentSource;
import io.httpkit.spring.boot.web.NonBlocking;
import io.httpkit.spring.boot.web.ResultWriter;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotatedMethod;
import org.springframework.web.bind.annotation.ResponseStatus;

/** Makes handlers of methods, with all that is known of arguments and results. */
final class HandlerMethods {
  private static final ParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();

  private static final ArgumentResolver NOTHING_MORE = parameter -> null;

  private final List<ArgumentResolver> arguments;
  private final Results results;
  private final @Nullable BeanValidation validation;

  HandlerMethods(
      List<ArgumentResolver> arguments, Results results, @Nullable BeanValidation validation) {
    this.arguments = arguments;
    this.results = results;
    this.validation = validation;
  }

  /**
   * The handler of a method.
   *
   * @throws HandlerMethodException if it cannot be one
   */
  MethodHandler handler(
      Method method,
      Class<?> type,
      BeanSource bean,
      RouteConditions conditions,
      ErrorMethods errors) {
    AnnotatedMethod annotated = new AnnotatedMethod(method);
    Invocable invocable = invocable(annotated, type, bean, NOTHING_MORE);
    boolean isChannel = invocable.isProvided(AsyncChannel.class);
    if (isChannel && !annotated.isVoid()) {
      throw new HandlerMethodException(
          method,
          "takes the channel and returns a value, which nobody would get",
          "Return void and send what there is over the channel, or do without the channel.");
    }
    ResultWriter writer = results.writer(method, annotated.getReturnType(), conditions.produces());
    return new MethodHandler(
        invocable, writer, errors, conditions, status(method, type), kind(method, type, isChannel));
  }

  /** A method for errors, which may ask for them as arguments. */
  ErrorMethods.ErrorMethod errorMethod(Method method, Class<?> type, BeanSource bean) {
    AnnotatedMethod annotated = new AnnotatedMethod(method);
    Invocable invocable = invocable(annotated, type, bean, HandlerMethods::error);
    ResultWriter writer = results.writer(method, annotated.getReturnType(), List.of());
    Status status = status(method, type);
    return (causes, request) -> {
      @Nullable Object[] given = invocable.arguments(request);
      for (int i = causes.size() - 1; i >= 0; i--) {
        invocable.provide(given, causes.get(i));
      }
      return answer(invocable.call(given), writer, status, request);
    };
  }

  private static Response answer(
      @Nullable Object result, ResultWriter writer, @Nullable Status status, Request request)
      throws Exception {
    Response response = writer.write(result, request);
    return status != null && response.status().equals(Status.OK)
        ? response.withStatus(status)
        : response;
  }

  private static @Nullable ArgumentSource error(MethodParameter parameter) {
    return Throwable.class.isAssignableFrom(parameter.getParameterType()) ? Provided.SOURCE : null;
  }

  /**
   * A method of any kind.
   *
   * @param first asked for each parameter before all others
   */
  Invocable invocable(Method method, Class<?> type, BeanSource bean, ArgumentResolver first) {
    return invocable(new AnnotatedMethod(method), type, bean, first);
  }

  private Invocable invocable(
      AnnotatedMethod annotated, Class<?> type, BeanSource bean, ArgumentResolver first) {
    MethodParameter[] parameters = annotated.getMethodParameters();
    ArgumentSource[] sources = new ArgumentSource[parameters.length];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i].initParameterNameDiscovery(NAMES);
      ArgumentSource own = first.resolve(parameters[i]);
      sources[i] = own != null ? own : source(annotated.getMethod(), parameters[i]);
    }
    ArgumentCheck check =
        validation == null
            ? ArgumentCheck.NONE
            : validation.check(annotated.getMethod(), parameters);
    return new Invocable(annotated.getMethod(), parameters, type, bean, sources, check);
  }

  private ArgumentSource source(Method method, MethodParameter parameter) {
    for (ArgumentResolver resolver : arguments) {
      ArgumentSource source = resolver.resolve(parameter);
      if (source != null) {
        return source;
      }
    }
    throw new HandlerMethodException(
        method,
        "has the parameter "
            + parameter.getParameterIndex()
            + " of type "
            + parameter.getGenericParameterType().getTypeName()
            + ", and nothing says where its value comes from",
        "Annotate it with @PathVariable, @RequestParam, @RequestHeader, @CookieValue or"
            + " @RequestBody, use a type that is known by itself, such as Request, or add a bean of"
            + " type ArgumentResolver.");
  }

  private static MethodHandler.Kind kind(Method method, Class<?> type, boolean isChannel) {
    if (isChannel) {
      return MethodHandler.Kind.CHANNEL;
    }
    boolean onLoop =
        AnnotatedElementUtils.hasAnnotation(method, NonBlocking.class)
            || AnnotatedElementUtils.hasAnnotation(type, NonBlocking.class);
    return onLoop ? MethodHandler.Kind.RESULT_ON_LOOP : MethodHandler.Kind.RESULT;
  }

  private static @Nullable Status status(Method method, Class<?> type) {
    ResponseStatus own = AnnotatedElementUtils.findMergedAnnotation(method, ResponseStatus.class);
    ResponseStatus declared =
        own != null ? own : AnnotatedElementUtils.findMergedAnnotation(type, ResponseStatus.class);
    return declared == null ? null : Statuses.of(declared.code().value());
  }
}
