package io.httpkit.spring.boot.web;

import io.httpkit.spring.boot.autoconfigure.HttpKitServerAutoConfiguration;
import io.httpkit.spring.boot.autoconfigure.HttpKitWebAutoConfiguration;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.ApplicationContext;

/** An application with a server and annotated handlers, and a client that asks it. */
public final class WebApp {
  private static final Duration NEVER_REACHED = Duration.ofSeconds(30);

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final int port;

  private WebApp(ApplicationContext context) {
    this.port = context.getBean(HttpKitWebServer.class).getPort();
  }

  /** A runner of applications with these beans. */
  public static ApplicationContextRunner with(Class<?>... configurations) {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                HttpKitServerAutoConfiguration.class,
                HttpKitWebAutoConfiguration.class,
                HttpMessageConvertersAutoConfiguration.class,
                JacksonAutoConfiguration.class,
                ValidationAutoConfiguration.class))
        .withUserConfiguration(configurations)
        .withPropertyValues("httpkit.port=0");
  }

  /** The application of this context, which is running. */
  public static WebApp in(ApplicationContext context) {
    return new WebApp(context);
  }

  public int port() {
    return port;
  }

  /** The response to a GET with these headers, names and values in turn. */
  public HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    return send("GET", path, "", headers);
  }

  /** The response to any request. */
  public HttpResponse<String> send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
            .timeout(NEVER_REACHED)
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** A POST of JSON. */
  public HttpResponse<String> post(String path, String json)
      throws IOException, InterruptedException {
    return send("POST", path, json, "Content-Type", "application/json");
  }
}
