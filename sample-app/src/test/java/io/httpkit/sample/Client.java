package io.httpkit.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests to the running application. */
final class Client {
  static final String JSON = "application/json";
  static final String FORM = "application/x-www-form-urlencoded";

  /** Only a broken build takes that long. */
  static final Duration LIMIT = Duration.ofSeconds(20);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int port;

  Client(int port) {
    this.port = port;
  }

  HttpResponse<String> get(String path) {
    return send("GET", path, null, BodyPublishers.noBody());
  }

  CompletableFuture<HttpResponse<String>> getAsync(String path) {
    return http.sendAsync(
        request("GET", path, null, BodyPublishers.noBody()), BodyHandlers.ofString());
  }

  HttpResponse<String> send(String method, String path, @Nullable String type, String body) {
    return send(method, path, type, BodyPublishers.ofString(body));
  }

  HttpResponse<String> send(String method, String path, @Nullable String type, BodyPublisher body) {
    try {
      return http.send(request(method, path, type, body), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(method + " " + path, e);
    }
  }

  /**
   * The lines of the answer, each as soon as it has come. To be closed, which ends the exchange.
   */
  HttpResponse<Stream<String>> lines(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(LIMIT);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return join(http.sendAsync(request.build(), BodyHandlers.ofLines()));
  }

  /** What the future gives, or a failure if it gives nothing in time. */
  static <T> T join(CompletableFuture<T> future) {
    return future.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
  }

  private URI uri(String path) {
    return URI.create("http://localhost:" + port + path);
  }

  private HttpRequest request(
      String method, String path, @Nullable String type, BodyPublisher body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path)).timeout(LIMIT).method(method, body);
    if (type != null) {
      request.header("Content-Type", type);
    }
    return request.build();
  }

  static JsonNode json(HttpResponse<String> response) {
    assertThat(response.headers().firstValue("Content-Type")).hasValue(JSON);
    return JsonMapper.shared().readTree(response.body());
  }
}
