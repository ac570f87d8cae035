package io.httpkit.benchmarks.clients;

import io.httpkit.client.ClientConfig;
import io.httpkit.client.ClientRequest;
import io.httpkit.client.HttpClient;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/** This client. */
final class KitGetter implements Getter {
  private static final int OK = 200;

  private final HttpClient client;
  private final ClientRequest request;

  private KitGetter(String url, ClientConfig config) {
    client = HttpClient.create(config);
    request = client.get(url).build();
  }

  static KitGetter onWorkers(String url) {
    return new KitGetter(url, ClientConfig.builder().build());
  }

  static KitGetter onLoops(String url) {
    return new KitGetter(url, ClientConfig.builder().executor(Runnable::run).build());
  }

  @Override
  public void get(LongConsumer done) {
    CompletableFuture<?> unused =
        client
            .send(request)
            .whenComplete(
                (response, failure) ->
                    done.accept(
                        failure == null && response.status().code() == OK
                            ? response.bytes().length
                            : FAILED));
  }
}
