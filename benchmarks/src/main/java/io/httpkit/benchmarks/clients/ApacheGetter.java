package io.httpkit.benchmarks.clients;

import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.concurrent.FutureCallback;

/** Apache HttpClient 5, asynchronous. It would open 5 connections to a host. */
final class ApacheGetter implements Getter {
  private static final int OK = 200;

  private final CloseableHttpAsyncClient client;
  private final String url;

  /** Tells how a request ended. */
  private record Callback(LongConsumer done) implements FutureCallback<SimpleHttpResponse> {
    @Override
    public void completed(SimpleHttpResponse response) {
      byte[] body = response.getBodyBytes();
      done.accept(response.getCode() == OK && body != null ? body.length : FAILED);
    }

    @Override
    public void failed(Exception failure) {
      done.accept(FAILED);
    }

    @Override
    public void cancelled() {
      done.accept(FAILED);
    }
  }

  ApacheGetter(String url, int inFlight) {
    this.url = url;
    client =
        HttpAsyncClients.custom()
            .setConnectionManager(
                PoolingAsyncClientConnectionManagerBuilder.create()
                    .setMaxConnTotal(inFlight)
                    .setMaxConnPerRoute(inFlight)
                    .build())
            .build();
    client.start();
  }

  @Override
  public void get(LongConsumer done) {
    Future<SimpleHttpResponse> unused =
        client.execute(SimpleRequestBuilder.get(url).build(), new Callback(done));
  }
}
