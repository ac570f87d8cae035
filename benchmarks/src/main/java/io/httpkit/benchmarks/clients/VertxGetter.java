package io.httpkit.benchmarks.clients;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.net.URI;
import java.util.function.LongConsumer;

/** The client of Vert.x, on its binding to epoll. */
final class VertxGetter implements Getter {
  private static final int OK = 200;

  private final HttpClient client;
  private final String target;

  VertxGetter(String url, int inFlight) {
    URI uri = URI.create(url);
    target =
        uri.getRawQuery() == null ? uri.getRawPath() : uri.getRawPath() + "?" + uri.getRawQuery();
    client =
        Vertx.vertx(new VertxOptions().setPreferNativeTransport(true))
            .createHttpClient(
                new HttpClientOptions().setDefaultHost(uri.getHost()).setDefaultPort(uri.getPort()),
                new PoolOptions()
                    .setHttp1MaxSize(inFlight)
                    .setEventLoopSize(Runtime.getRuntime().availableProcessors()));
  }

  @Override
  public void get(LongConsumer done) {
    client
        .request(HttpMethod.GET, target)
        .compose(HttpClientRequest::send)
        .compose(VertxGetter::body)
        .onComplete(body -> done.accept(body.length()), failure -> done.accept(FAILED));
  }

  private static Future<Buffer> body(HttpClientResponse response) {
    return response.statusCode() == OK
        ? response.body()
        : Future.failedFuture("status " + response.statusCode());
  }
}
