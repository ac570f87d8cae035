package io.httpkit.spring.boot.web.method;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.server.Request;
import io.httpkit.spring.boot.web.ArgumentResolver;
import io.httpkit.spring.boot.web.HttpKitController;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** The methods of a channel bean, by what they are called for. */
final class ChannelMethods {
  private final Map<ChannelEvent, Invocable> methods;
  private final @Nullable ResolvableType message;

  private ChannelMethods(Map<ChannelEvent, Invocable> methods, @Nullable ResolvableType message) {
    this.methods = methods;
    this.message = message;
  }

  /**
   * The methods of a bean of this type.
   *
   * @throws HandlerMethodException if one cannot be called, two are for the same, one is for
   *     requests, or there is none
   */
  static ChannelMethods of(BeanSource bean, HandlerMethods handlers) {
    MethodIntrospector.MetadataLookup<ChannelEvent> lookup = ChannelEvent::of;
    Map<ChannelEvent, Invocable> methods = new EnumMap<>(ChannelEvent.class);
    ResolvableType message = null;
    for (Map.Entry<Method, ChannelEvent> found :
        MethodIntrospector.selectMethods(bean.userType(), lookup).entrySet()) {
      Method method = found.getKey();
      ChannelEvent event = found.getValue();
      List<MethodParameter> own = new ArrayList<>();
      Invocable invocable = handlers.invocable(method, bean, own(method, event, own));
      if (event.isMessage()) {
        MethodParameter parameter = message(method, own);
        Class<?> type = parameter.getParameterType();
        event = type == byte[].class ? ChannelEvent.BINARY : ChannelEvent.TEXT;
        if (type != byte[].class) {
          message = type == String.class ? null : ResolvableType.forMethodParameter(parameter);
        }
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
    for (Method method : MethodIntrospector.selectMethods(type, ChannelMethods::isMapped)) {
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

  private static HandlerMethodException twice(ChannelEvent event, Method method, Method other) {
    return new HandlerMethodException(
        method,
        "is " + event.shown() + " for the same as " + HandlerMethodException.name(other),
        event.isMessage()
            ? "Keep one of them. There may be one @OnMessage method that takes text, as String or"
                + " any type that is read from JSON, and one that takes byte[]."
            : "Keep one of them.");
  }

  /**
   * Finds the parameters that are for the event itself. A message is the only one that nothing else
   * is said of.
   *
   * @param found gets those that it finds
   */
  private static ArgumentResolver own(
      Method method, ChannelEvent event, List<MethodParameter> found) {
    return parameter -> {
      Class<?> type = parameter.getParameterType();
      if (!(event.isMessage() ? isUnsaid(parameter) : event.isDetail(type))) {
        return null;
      }
      if (event.isMessage() && !found.isEmpty()) {
        throw new HandlerMethodException(
            method,
            "has two parameters that could be the message, "
                + found.get(0).getParameterName()
                + " and "
                + parameter.getParameterName(),
            "Annotate those that are not, such as with @PathVariable.");
      }
      found.add(parameter);
      return Invocable.PROVIDED;
    };
  }

  private static boolean isUnsaid(MethodParameter parameter) {
    Class<?> type = parameter.getParameterType();
    if (type == AsyncChannel.class || RequestTypes.isKnown(type)) {
      return false;
    }
    for (var annotation : parameter.getParameterAnnotations()) {
      String name = annotation.annotationType().getName();
      if (name.startsWith("org.springframework.web.bind.annotation.")) {
        return false;
      }
    }
    return true;
  }

  private static MethodParameter message(Method method, List<MethodParameter> found) {
    if (found.isEmpty()) {
      throw new HandlerMethodException(
          method,
          "is @OnMessage and takes no message",
          "Add a parameter for it: a String, a byte[], or a type that is read from JSON.");
    }
    return found.get(0);
  }

  /** What a text message is read as; null if it is taken as it is. */
  @Nullable ResolvableType message() {
    return message;
  }

  boolean has(ChannelEvent event) {
    return methods.containsKey(event);
  }

  Collection<Invocable> all() {
    return methods.values();
  }

  /** Of each method the arguments that come from the request that opens a channel. */
  Map<ChannelEvent, @Nullable Object[]> arguments(Request request) throws Exception {
    Map<ChannelEvent, @Nullable Object[]> arguments = new EnumMap<>(ChannelEvent.class);
    for (Map.Entry<ChannelEvent, Invocable> method : methods.entrySet()) {
      arguments.put(method.getKey(), method.getValue().arguments(request));
    }
    return arguments;
  }

  /**
   * Calls the method for this event, if there is one.
   *
   * @param arguments those from the request
   * @param detail what is to be told of the event, given to those parameters that want one of its
   *     type; behind the channel, as a message may be wanted as any type of object. Null if there
   *     is nothing
   */
  @Nullable Object call(
      ChannelEvent event,
      Map<ChannelEvent, @Nullable Object[]> arguments,
      AsyncChannel channel,
      @Nullable Object detail)
      throws Exception {
    Invocable method = methods.get(event);
    @Nullable Object[] known = arguments.get(event);
    if (method == null || known == null) {
      return null;
    }
    @Nullable Object[] all = known.clone();
    method.provide(all, channel);
    if (detail != null) {
      method.provide(all, detail);
    }
    return method.call(all);
  }
}
