package io.httpkit.benchmarks.clients;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/** The client of the JDK. */
final class JdkGetter implements Getter {
  private static final int OK = 200;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpRequest request;

  JdkGetter(String url) {
    request = HttpRequest.newBuilder(URI.create(url)).build();
  }

  @Override
  public void get(LongConsumer done) {
    CompletableFuture<?> unused =
        client
            .sendAsync(request, BodyHandlers.ofByteArray())
            .whenComplete(
                (response, failure) ->
                    done.accept(
                        failure == null && response.statusCode() == OK
                            ? response.body().length
                            : FAILED));
  }
}
