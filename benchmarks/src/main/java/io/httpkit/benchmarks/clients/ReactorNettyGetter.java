package io.httpkit.benchmarks.clients;

import java.util.function.LongConsumer;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** The client of Reactor Netty. */
final class ReactorNettyGetter implements Getter {
  private static final int OK = 200;

  private final HttpClient.ResponseReceiver<?> request;

  ReactorNettyGetter(String url, int inFlight) {
    request = HttpClient.create(ConnectionProvider.create("clients", inFlight)).get().uri(url);
  }

  @Override
  public void get(LongConsumer done) {
    request
        .responseSingle(
            (response, body) ->
                response.status().code() == OK
                    ? body.asByteArray()
                    : Mono.<byte[]>error(new IllegalStateException(response.status().toString())))
        .subscribe(body -> done.accept(body.length), failure -> done.accept(FAILED));
  }
}
