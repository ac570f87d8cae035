package io.httpkit.spring.boot.server.context;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.ConfigurableWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Makes any context look like one with a web server, as the listeners of Spring Boot that publish
 * the port expect it. A proxy, because the interface has a hundred methods and two are of interest.
 */
final class WebServerContextAdapter implements InvocationHandler {
  private final ConfigurableApplicationContext context;
  private final WebServer webServer;
  private final @Nullable String namespace;

  private WebServerContextAdapter(
      ConfigurableApplicationContext context, WebServer webServer, @Nullable String namespace) {
    this.context = context;
    this.webServer = webServer;
    this.namespace = namespace;
  }

  /**
   * The context with this server.
   *
   * @param namespace the middle of {@code local.<namespace>.port}; null is {@code server}
   */
  static ConfigurableWebServerApplicationContext adapt(
      ConfigurableApplicationContext context, WebServer webServer, @Nullable String namespace) {
    Class<?> type = ConfigurableWebServerApplicationContext.class;
    return (ConfigurableWebServerApplicationContext)
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            new WebServerContextAdapter(context, webServer, namespace));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args)
      throws Throwable {
    return switch (method.getName()) {
      case "getWebServer" -> webServer;
      case "getServerNamespace" -> namespace;
      case "setServerNamespace" -> throw new UnsupportedOperationException("namespace is fixed");
      default -> delegate(method, args);
    };
  }

  private @Nullable Object delegate(Method method, @Nullable Object @Nullable [] args)
      throws Throwable {
    try {
      return method.invoke(context, args);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }
}
