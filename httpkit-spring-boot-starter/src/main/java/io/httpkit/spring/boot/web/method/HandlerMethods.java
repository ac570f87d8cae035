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
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.MediaType;
import org.springframework.validation.beanvalidation.MethodValidationAdapter;
import org.springframework.web.bind.annotation.ExceptionHandler;

/** Makes handlers of methods, with all that is known of arguments and results. */
final class HandlerMethods {

  private static final ArgumentResolver NOTHING_MORE = parameter -> null;

  private final List<ArgumentResolver> arguments;
  private final Results results;
  private final Problems problems;
  private final @Nullable MethodValidationAdapter validation;

  HandlerMethods(
      List<ArgumentResolver> arguments,
      Results results,
      Problems problems,
      @Nullable MethodValidationAdapter validation) {
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
    Invocable invocable = invocable(method, bean, NOTHING_MORE);
    if (invocable.isProvided(AsyncChannel.class) && !invocable.isVoid()) {
      throw new HandlerMethodException(
          method,
          "takes the channel and returns a value, which nobody would get",
          "Return void and send what there is over the channel, or do without the channel.");
    }
    boolean isOnLoop =
        AnnotatedElementUtils.hasAnnotation(method, NonBlocking.class)
            || AnnotatedElementUtils.hasAnnotation(bean.userType(), NonBlocking.class);
    Returned returned =
        new Returned(invocable.getReturnType(), conditions.produces(), errors, !isOnLoop);
    return new MethodHandler(
        invocable, writer(method, bean, returned), errors, conditions, isOnLoop);
  }

  /**
   * A method for errors, which may ask for them as arguments.
   *
   * @throws HandlerMethodException if it cannot be one
   */
  ErrorMethod errorMethod(Method method, BeanSource bean) {
    Invocable invocable = invocable(method, bean, HandlerMethods::error);
    if (invocable.isProvided(AsyncChannel.class)) {
      throw new HandlerMethodException(
          method,
          "takes the channel, which is not there for errors",
          "Return what is to be answered, and do without the channel.");
    }
    Returned returned = new Returned(invocable.getReturnType(), produces(method), problems, false);
    return new ErrorMethod(invocable, writer(method, bean, returned), problems);
  }

  private static List<MediaType> produces(Method errorMethod) {
    ExceptionHandler declared =
        AnnotatedElementUtils.findMergedAnnotation(errorMethod, ExceptionHandler.class);
    return declared == null ? List.of() : MediaType.parseMediaTypes(List.of(declared.produces()));
  }

  private ResultWriter writer(Method method, BeanSource bean, Returned returned) {
    ResultWriter writer = results.writer(returned);
    return DeclaredStatus.around(writer, method, bean.userType(), problems);
  }

  private static @Nullable ArgumentSource error(MethodParameter parameter) {
    return Throwable.class.isAssignableFrom(parameter.getParameterType())
        ? Invocable.PROVIDED
        : null;
  }

  /**
   * A method of any kind.
   *
   * @param first asked for each parameter before all others
   */
  Invocable invocable(Method method, BeanSource bean, ArgumentResolver first) {
    return new Invocable(method, bean, parameter -> source(parameter, first), validation);
  }

  private ArgumentSource source(MethodParameter parameter, ArgumentResolver first) {
    ArgumentSource source = first.resolve(parameter);
    for (int i = 0; source == null && i < arguments.size(); i++) {
      source = arguments.get(i).resolve(parameter);
    }
    if (source != null) {
      return source;
    }
    throw new HandlerMethodException(
        parameter,
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
}
