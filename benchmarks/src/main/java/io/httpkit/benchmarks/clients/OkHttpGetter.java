package io.httpkit.benchmarks.clients;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** OkHttp 5. Its dispatcher would send 5 requests to a host at a time. */
final class OkHttpGetter implements Getter {
  private static final int OK = 200;
  private static final int KEEP_ALIVE_MINUTES = 5;

  private final OkHttpClient client;
  private final Request request;

  /** Tells how a request ended. */
  private record Answer(LongConsumer done) implements Callback {
    @Override
    public void onFailure(Call call, IOException failure) {
      done.accept(FAILED);
    }

    @Override
    public void onResponse(Call call, Response response) {
      done.accept(length(response));
    }

    private static long length(Response response) {
      try (response) {
        return response.code() == OK ? response.body().bytes().length : FAILED;
      } catch (IOException e) {
        return FAILED;
      }
    }
  }

  OkHttpGetter(String url, int inFlight) {
    Dispatcher dispatcher = new Dispatcher();
    dispatcher.setMaxRequests(inFlight);
    dispatcher.setMaxRequestsPerHost(inFlight);
    client =
        new OkHttpClient.Builder()
            .dispatcher(dispatcher)
            .connectionPool(new ConnectionPool(inFlight, KEEP_ALIVE_MINUTES, TimeUnit.MINUTES))
            .build();
    request = new Request.Builder().url(url).build();
  }

  @Override
  public void get(LongConsumer done) {
    client.newCall(request).enqueue(new Answer(done));
  }
}
