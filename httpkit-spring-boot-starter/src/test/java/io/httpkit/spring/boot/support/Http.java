package io.httpkit.spring.boot.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Requests to a server on this machine. */
public final class Http {
  /** Only a broken build takes that long. */
  public static final Duration LIMIT = Duration.ofSeconds(20);

  private Http() {}

  /** Sends a GET and waits for the response. */
  public static HttpResponse<String> get(int port, String path) {
    return send(request(port, path));
  }

  /** Sends a request and waits for the response. */
  public static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Sends a GET. */
  public static CompletableFuture<HttpResponse<String>> getAsync(int port, String path) {
    return HttpClient.newHttpClient()
        .sendAsync(request(port, path).build(), BodyHandlers.ofString());
  }

  /** A request to be completed; GET unless it says otherwise. */
  public static HttpRequest.Builder request(int port, String path) {
    URI uri = URI.create("http://localhost:" + port + path);
    return HttpRequest.newBuilder(uri).version(HttpClient.Version.HTTP_1_1).timeout(LIMIT);
  }
}
