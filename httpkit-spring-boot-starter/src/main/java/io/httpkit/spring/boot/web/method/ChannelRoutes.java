package io.httpkit.spring.boot.web.method;

import io.httpkit.channel.ChannelOptions;
import io.httpkit.server.Handler;
import io.httpkit.server.Router;
import io.httpkit.spring.boot.server.RouterCustomizer;
import io.httpkit.spring.boot.web.ChannelMapping;
import io.httpkit.spring.boot.web.NonBlocking;
import java.util.List;
import java.util.function.UnaryOperator;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.unit.DataSize;

/** Makes routes of all channel beans. */
final class ChannelRoutes implements RouterCustomizer {
  private final ConfigurableListableBeanFactory beans;
  private final HandlerMethods handlers;
  private final Messages messages;
  private final Problems problems;
  private final UnaryOperator<String> placeholders;

  ChannelRoutes(
      ConfigurableListableBeanFactory beans,
      HandlerMethods handlers,
      Messages messages,
      Problems problems,
      UnaryOperator<String> placeholders) {
    this.beans = beans;
    this.handlers = handlers;
    this.messages = messages;
    this.problems = problems;
    this.placeholders = placeholders;
  }

  @Override
  public void customize(Router.Builder routes) {
    for (String name : beans.getBeanNamesForAnnotation(ChannelMapping.class)) {
      BeanSource bean = BeanSource.of(beans, name);
      ChannelMapping mapping =
          bean == null
              ? null
              : AnnotatedElementUtils.findMergedAnnotation(bean.userType(), ChannelMapping.class);
      if (bean != null && mapping != null) {
        add(routes, bean, mapping);
      }
    }
  }

  private void add(Router.Builder routes, BeanSource bean, ChannelMapping mapping) {
    Class<?> type = bean.userType();
    ChannelMethods methods = ChannelMethods.of(bean, handlers);
    boolean isNonBlocking = AnnotatedElementUtils.hasAnnotation(type, NonBlocking.class);
    ChannelHandler handler =
        new ChannelHandler(methods, messages, problems, options(type, mapping), isNonBlocking);
    String template = placeholders.apply(mapping.path());
    methods
        .all()
        .forEach(method -> NamedValues.checkPathVariables(method, List.of(template), placeholders));
    try {
      routes.get(template, handler::open);
      if (methods.has(ChannelEvent.TEXT) || methods.has(ChannelEvent.BINARY)) {
        Handler post = handler::post;
        routes.post(template, isNonBlocking ? Handler.nonBlocking(post) : post);
      }
    } catch (IllegalArgumentException e) {
      throw new HandlerMethodException(
          type,
          "cannot be mapped to \"" + template + "\": " + e.getMessage(),
          "Change the path of its @ChannelMapping.",
          e);
    }
  }

  private UnaryOperator<ChannelOptions> options(Class<?> type, ChannelMapping mapping) {
    UnaryOperator<ChannelOptions> change =
        options -> {
          ChannelOptions changed = options;
          if (!mapping.maxMessage().isEmpty()) {
            long bytes = DataSize.parse(placeholders.apply(mapping.maxMessage())).toBytes();
            changed = changed.withMaxMessage(Math.toIntExact(bytes));
          }
          if (mapping.subprotocols().length > 0) {
            changed = changed.withSubprotocols(mapping.subprotocols());
          }
          if (mapping.allowedOrigins().length > 0) {
            changed = changed.withAllowedOrigins(mapping.allowedOrigins());
          }
          return changed;
        };
    check(type, change);
    return change;
  }

  private static void check(Class<?> type, UnaryOperator<ChannelOptions> change) {
    try {
      var unused = change.apply(ChannelOptions.DEFAULTS);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new HandlerMethodException(
          type,
          "has options that cannot be: " + e.getMessage(),
          "Change them at its @ChannelMapping.",
          e);
    }
  }
}
