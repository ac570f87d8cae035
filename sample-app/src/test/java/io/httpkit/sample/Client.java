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

  private HttpRequest request(
      String method, String path, @Nullable String type, BodyPublisher body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
            .timeout(LIMIT)
            .method(method, body);
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
