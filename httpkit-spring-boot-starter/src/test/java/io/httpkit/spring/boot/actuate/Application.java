package io.httpkit.spring.boot.actuate;

import io.httpkit.spring.boot.server.HttpKitWebServer;
import io.httpkit.spring.boot.support.Http;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** An application with all that its class path gives, on any free port. */
final class Application implements AutoCloseable {
  private final ConfigurableApplicationContext context;

  private Application(ConfigurableApplicationContext context) {
    this.context = context;
  }

  /** Starts it with these properties, all endpoints exposed unless they say otherwise. */
  static Application start(Class<?> configuration, String... properties) {
    return new Application(
        new SpringApplicationBuilder(Enabled.class, configuration)
            .web(WebApplicationType.NONE)
            .properties("httpkit.port=0", "management.endpoints.web.exposure.include=*")
            .run(Arrays.stream(properties).map("--"::concat).toArray(String[]::new)));
  }

  static Application start(String... properties) {
    return start(Enabled.class, properties);
  }

  ConfigurableApplicationContext context() {
    return context;
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  int port() {
    return bean(HttpKitWebServer.class).getPort();
  }

  int managementPort() {
    return context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
  }

  HttpResponse<String> get(String path) {
    return Http.get(port(), path);
  }

  HttpRequest.Builder request(String path) {
    return Http.request(port(), path);
  }

  @Override
  public void close() {
    context.close();
  }

  @EnableAutoConfiguration
  static class Enabled {}
}
