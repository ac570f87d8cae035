package io.httpkit.spring.boot.web.method;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.CloseStatus;
import io.httpkit.spring.boot.web.ArgumentResolver;
import io.httpkit.spring.boot.web.ArgumentSource;
import io.httpkit.spring.boot.web.HttpKitController;
import java.lang.reflect.Method;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Finds the methods of a channel bean. */
final class ChannelMethodsFactory {
  private final HandlerMethods handlers;

  ChannelMethodsFactory(HandlerMethods handlers) {
    this.handlers = handlers;
  }

  /**
   * The methods of a bean of this type.
   *
   * @throws HandlerMethodException if one cannot be called, two are for the same, one is for
   *     requests, or there is none
   */
  ChannelMethods methods(BeanSource bean) {
    MethodIntrospector.MetadataLookup<ChannelEvent> lookup = ChannelEvent::of;
    Map<ChannelEvent, Invocable> methods = new EnumMap<>(ChannelEvent.class);
    ResolvableType message = null;
    for (Map.Entry<Method, ChannelEvent> found :
        MethodIntrospector.selectMethods(bean.userType(), lookup).entrySet()) {
      Method method = found.getKey();
      Message taken = new Message(method);
      Invocable invocable = handlers.invocable(method, bean, resolver(found.getValue(), taken));
      ChannelEvent event = found.getValue();
      if (event == ChannelEvent.TEXT) {
        MethodParameter parameter = taken.required();
        boolean isBinary = parameter.getParameterType() == byte[].class;
        event = isBinary ? ChannelEvent.BINARY : ChannelEvent.TEXT;
        message = isBinary ? message : json(parameter);
      }
      Invocable other = methods.put(event, invocable);
      if (other != null) {
        throw twice(event, method, other.getMethod());
      }
    }
    checkNoneForRequests(bean.userType());
    if (methods.isEmpty()) {
      throw new HandlerMethodException(
          bean.userType(),
          "is a @ChannelMapping and has no method for what happens to a channel",
          "Annotate its methods with @OnOpen, @OnMessage, @OnClose, @OnError or @OnPing.",
          null);
    }
    return new ChannelMethods(methods, message);
  }

  private static void checkNoneForRequests(Class<?> type) {
    if (AnnotatedElementUtils.hasAnnotation(type, HttpKitController.class)
        || AnnotatedElementUtils.hasAnnotation(type, Controller.class)) {
      // the class is for both
      return;
    }
    for (Method method : MethodIntrospector.selectMethods(type, ChannelMethodsFactory::isMapped)) {
      throw new HandlerMethodException(
          method,
          "is mapped to requests, in a class for channels, where no request comes to it",
          "Move it to a @HttpKitController, or make it an @OnMessage method, which takes what is"
              + " POSTed too.");
    }
  }

  private static boolean isMapped(Method method) {
    return AnnotatedElementUtils.hasAnnotation(method, RequestMapping.class);
  }

  private static @Nullable ResolvableType json(MethodParameter parameter) {
    return parameter.getParameterType() == String.class
        ? null
        : ResolvableType.forMethodParameter(parameter);
  }

  private static HandlerMethodException twice(ChannelEvent event, Method method, Method other) {
    return new HandlerMethodException(
        method,
        "is " + event.shown() + " for the same as " + HandlerMethodException.name(other),
        event == ChannelEvent.TEXT || event == ChannelEvent.BINARY
            ? "Keep one of them. There may be one @OnMessage method that takes text, as String or any"
                + " type that is read from JSON, and one that takes byte[]."
            : "Keep one of them.");
  }

  private static ArgumentResolver resolver(ChannelEvent event, Message message) {
    return parameter ->
        switch (event) {
          case TEXT, BINARY -> message.resolve(parameter);
          case CLOSE -> provided(parameter, CloseStatus.class);
          case ERROR -> isError(parameter) ? Invocable.PROVIDED : null;
          case PING -> provided(parameter, byte[].class);
          case OPEN -> null;
        };
  }

  private static boolean isError(MethodParameter parameter) {
    return Throwable.class.isAssignableFrom(parameter.getParameterType());
  }

  private static @Nullable ArgumentSource provided(MethodParameter parameter, Class<?> type) {
    return parameter.getParameterType() == type ? Invocable.PROVIDED : null;
  }

  /** Finds the parameter that is the message: the only one that nothing else is said of. */
  private static final class Message {
    private final Method method;
    private @Nullable MethodParameter parameter;

    Message(Method method) {
      this.method = method;
    }

    @Nullable ArgumentSource resolve(MethodParameter candidate) {
      if (candidate.getParameterType() == AsyncChannel.class
          || RequestTypes.isKnown(candidate.getParameterType())
          || isSaid(candidate)) {
        return null;
      }
      if (parameter != null) {
        throw new HandlerMethodException(
            method,
            "has two parameters that could be the message, "
                + parameter.getParameterName()
                + " and "
                + candidate.getParameterName(),
            "Annotate those that are not, such as with @PathVariable.");
      }
      parameter = candidate;
      return Invocable.PROVIDED;
    }

    private static boolean isSaid(MethodParameter candidate) {
      for (var annotation : candidate.getParameterAnnotations()) {
        String name = annotation.annotationType().getName();
        if (name.startsWith("org.springframework.web.bind.annotation.")) {
          return true;
        }
      }
      return false;
    }

    MethodParameter required() {
      if (parameter == null) {
        throw new HandlerMethodException(
            method,
            "is @OnMessage and takes no message",
            "Add a parameter for it: a String, a byte[], or a type that is read from JSON.");
      }
      return parameter;
    }
  }
}
