package io.httpkit.spring.boot.web.method;

import io.httpkit.server.Request;
import io.httpkit.spring.boot.web.ArgumentSource;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.annotation.AnnotatedMethod;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.validation.beanvalidation.MethodValidationAdapter;

/**
 * A method of a bean with the sources of its arguments, and with its type variables as the class of
 * the bean fills them. A call costs one method handle, and what the arguments cost.
 */
final class Invocable extends AnnotatedMethod {
  /** Stands for an argument that is known only when the method is called. */
  static final ArgumentSource PROVIDED = request -> null;

  private static final ParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();

  private final BeanSource bean;
  private final ArgumentSource[] sources;
  private final Class<?>[] types;
  private final MethodHandle handle;
  private final @Nullable BeanValidation validation;

  /**
   * With sources for all parameters.
   *
   * @param arguments says the source of each
   * @param adapter null if nothing is to be validated
   */
  Invocable(
      Method method,
      BeanSource bean,
      Function<MethodParameter, ArgumentSource> arguments,
      @Nullable MethodValidationAdapter adapter) {
    super(method);
    this.bean = bean;
    MethodParameter[] parameters = getMethodParameters();
    this.sources = new ArgumentSource[parameters.length];
    this.types = new Class<?>[parameters.length];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i].initParameterNameDiscovery(NAMES);
      sources[i] = arguments.apply(parameters[i]);
      types[i] = parameters[i].getParameterType();
    }
    this.validation = adapter == null ? null : new BeanValidation(adapter, method, parameters);
    this.handle = handle(method, bean.type());
  }

  @Override
  protected Class<?> getContainingClass() {
    return bean.userType();
  }

  /**
   * Of any method: bean and array of arguments to result, all of type {@code Object}. Goes by an
   * interface if one has the method, as the bean may become a proxy that has no more.
   */
  private static MethodHandle handle(Method method, Class<?> beanType) {
    try {
      Method declared = ClassUtils.getInterfaceMethodIfPossible(method, beanType);
      Method invocable = AopUtils.selectInvocableMethod(declared, beanType);
      ReflectionUtils.makeAccessible(invocable);
      int count = invocable.getParameterCount();
      MethodHandle direct = MethodHandles.lookup().unreflect(invocable);
      boolean isStatic = Modifier.isStatic(invocable.getModifiers());
      return (isStatic ? MethodHandles.dropArguments(direct, 0, Object.class) : direct)
          .asType(MethodType.genericMethodType(1 + count))
          .asSpreader(Object[].class, count);
    } catch (IllegalAccessException | IllegalStateException e) {
      throw new HandlerMethodException(
          method,
          "cannot be called on its bean: " + e.getMessage(),
          "Make the method public, or declare it in an interface that the proxy has.",
          e);
    }
  }

  /** All arguments but those that are provided at the call. */
  @Nullable Object[] arguments(Request request) throws Exception {
    @Nullable Object[] arguments = new @Nullable Object[sources.length];
    for (int i = 0; i < sources.length; i++) {
      arguments[i] = sources[i].get(request);
    }
    return arguments;
  }

  /** Puts a value where the method wants one of its type. */
  void provide(@Nullable Object[] arguments, Object value) {
    for (int i = 0; i < sources.length; i++) {
      if (sources[i] == PROVIDED && ClassUtils.isAssignableValue(types[i], value)) {
        arguments[i] = value;
      }
    }
  }

  /** Checks the arguments, calls the method, and checks its result. */
  @Nullable Object call(@Nullable Object[] arguments) throws Exception {
    Object target = bean.get();
    if (validation != null) {
      validation.checkArguments(target, arguments);
    }
    Object result = invoke(target, arguments);
    if (validation != null) {
      validation.checkResult(target, result);
    }
    return result;
  }

  private @Nullable Object invoke(Object target, @Nullable Object[] arguments) throws Exception {
    try {
      return handle.invokeExact(target, arguments);
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  boolean isProvided(Class<?> type) {
    for (int i = 0; i < sources.length; i++) {
      if (sources[i] == PROVIDED && types[i] == type) {
        return true;
      }
    }
    return false;
  }
}
