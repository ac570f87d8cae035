package io.httpkit.spring.boot.web.method;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.spring.boot.web.ArgumentResolver;
import io.httpkit.spring.boot.web.ArgumentSource;
import io.httpkit.spring.boot.web.NonBlocking;
import io.httpkit.spring.boot.web.ResultWriter;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotatedMethod;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.ExceptionHandler;

/** Makes handlers of methods, with all that is known of arguments and results. */
final class HandlerMethods {
  private static final ParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();

  private static final ArgumentResolver NOTHING_MORE = parameter -> null;

  private final List<ArgumentResolver> arguments;
  private final Results results;
  private final Problems problems;
  private final @Nullable BeanValidation validation;

  /** With its type variables as the class of its bean fills them. */
  private static final class BeanMethod extends AnnotatedMethod {
    private final Class<?> type;

    BeanMethod(Method method, BeanSource bean) {
      super(method);
      this.type = bean.userType();
    }

    @Override
    protected Class<?> getContainingClass() {
      return type;
    }
  }

  HandlerMethods(
      List<ArgumentResolver> arguments,
      Results results,
      Problems problems,
      @Nullable BeanValidation validation) {
    this.arguments = arguments;
    this.results = results;
    this.problems = problems;
    this.validation = validation;
  }

  /**
   * The handler of a method.
   *
   * @throws HandlerMethodException if it cannot be one
   */
  MethodHandler handler(
      Method method, BeanSource bean, RouteConditions conditions, ErrorMethods errors) {
    AnnotatedMethod annotated = new BeanMethod(method, bean);
    Invocable invocable = invocable(annotated, bean, NOTHING_MORE);
    boolean isChannel = invocable.isProvided(AsyncChannel.class);
    if (isChannel && !annotated.isVoid()) {
      throw new HandlerMethodException(
          method,
          "takes the channel and returns a value, which nobody would get",
          "Return void and send what there is over the channel, or do without the channel.");
    }
    MethodHandler.Kind kind = kind(method, bean.userType(), isChannel);
    Returned returned =
        new Returned(annotated.getReturnType(), conditions.produces(), errors, !kind.isOnLoop());
    return new MethodHandler(
        invocable, writer(annotated, bean, returned), errors, conditions, kind);
  }

  /**
   * A method for errors, which may ask for them as arguments.
   *
   * @throws HandlerMethodException if it cannot be one
   */
  ErrorMethod errorMethod(Method method, BeanSource bean) {
    AnnotatedMethod annotated = new BeanMethod(method, bean);
    Invocable invocable = invocable(annotated, bean, HandlerMethods::error);
    if (invocable.isProvided(AsyncChannel.class)) {
      throw new HandlerMethodException(
          method,
          "takes the channel, which is not there for errors",
          "Return what is to be answered, and do without the channel.");
    }
    Returned returned = new Returned(annotated.getReturnType(), produces(method), problems, false);
    return new ErrorMethod(invocable, writer(annotated, bean, returned), problems);
  }

  private static List<MediaType> produces(Method errorMethod) {
    ExceptionHandler declared =
        AnnotatedElementUtils.findMergedAnnotation(errorMethod, ExceptionHandler.class);
    return declared == null ? List.of() : MediaType.parseMediaTypes(List.of(declared.produces()));
  }

  private ResultWriter writer(AnnotatedMethod method, BeanSource bean, Returned returned) {
    ResultWriter writer = results.writer(returned);
    return DeclaredStatus.around(writer, method.getMethod(), bean.userType(), problems);
  }

  private static @Nullable ArgumentSource error(MethodParameter parameter) {
    return Throwable.class.isAssignableFrom(parameter.getParameterType()) ? Provided.SOURCE : null;
  }

  /**
   * A method of any kind.
   *
   * @param first asked for each parameter before all others
   */
  Invocable invocable(Method method, BeanSource bean, ArgumentResolver first) {
    return invocable(new BeanMethod(method, bean), bean, first);
  }

  private Invocable invocable(AnnotatedMethod annotated, BeanSource bean, ArgumentResolver first) {
    MethodParameter[] parameters = annotated.getMethodParameters();
    ArgumentSource[] sources = new ArgumentSource[parameters.length];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i].initParameterNameDiscovery(NAMES);
      ArgumentSource own = first.resolve(parameters[i]);
      sources[i] = own != null ? own : source(annotated.getMethod(), parameters[i]);
    }
    Method method = annotated.getMethod();
    return validation == null
        ? new Invocable(method, parameters, bean, sources, ArgumentCheck.NONE, ResultCheck.NONE)
        : new Invocable(
            method,
            parameters,
            bean,
            sources,
            validation.check(method, parameters),
            validation.resultCheck(method));
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
            + Objects.requireNonNullElse(
                parameter.getParameterName(), "" + parameter.getParameterIndex())
            + " of type "
            + parameter.getGenericParameterType().getTypeName()
            + ", and nothing says where its value comes from",
        "Annotate it with @PathVariable, @RequestParam, @RequestHeader, @CookieValue or"
            + " @RequestBody, use a type that is known by itself, such as Request, or add a bean of"
            + " type ArgumentResolver.");
  }

  private static MethodHandler.Kind kind(Method method, Class<?> type, boolean isChannel) {
    boolean onLoop =
        AnnotatedElementUtils.hasAnnotation(method, NonBlocking.class)
            || AnnotatedElementUtils.hasAnnotation(type, NonBlocking.class);
    if (isChannel) {
      return onLoop ? MethodHandler.Kind.CHANNEL_ON_LOOP : MethodHandler.Kind.CHANNEL;
    }
    return onLoop ? MethodHandler.Kind.RESULT_ON_LOOP : MethodHandler.Kind.RESULT;
  }
}
