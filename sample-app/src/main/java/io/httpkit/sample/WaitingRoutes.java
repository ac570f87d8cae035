package io.httpkit.sample;

import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.server.Router;
import io.httpkit.spring.boot.server.RouterCustomizer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * Answers that take their time, {@code ?millis=} milliseconds: {@code /later} without a thread that
 * waits, {@code /slow} with one, so that workers and their queue can be seen to run full.
 */
@Component
class WaitingRoutes implements RouterCustomizer {
  private static final int MAX_MILLIS = 2000;

  private final JsonApi json;

  WaitingRoutes(JsonApi json) {
    this.json = json;
  }

  @Override
  public void customize(Router.Builder routes) {
    routes.get("/later", json.answering(WaitingRoutes::later));
    routes.get("/slow", json.answering(WaitingRoutes::slow));
  }

  private static Response later(Request request) {
    int millis = millis(request);
    Executor afterwards = CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
    return Response.async(
        CompletableFuture.supplyAsync(
            () -> Response.text("later: after " + millis + " ms"), afterwards));
  }

  private static Response slow(Request request) throws InterruptedException {
    int millis = millis(request);
    Thread.sleep(millis);
    return Response.text("slow: after " + millis + " ms");
  }

  private static int millis(Request request) {
    return Numbers.query(request, "millis", 500, 0, MAX_MILLIS);
  }
}
