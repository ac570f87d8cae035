package io.httpkit.sample;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.server.Router;
import io.httpkit.spring.boot.server.RouterCustomizer;
import io.httpkit.timer.Timer;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Ten messages at {@code /ticker}, one by one; over a WebSocket too, if one is opened. */
@Component
class TickerRoutes implements RouterCustomizer {
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int LAST = 9;

  @Override
  public void customize(Router.Builder routes) {
    routes.get("/ticker", TickerRoutes::tick);
  }

  private static Response tick(Request request) {
    Response channel = request.asChannel(open -> send(open, 0));
    return request.isWebSocket() ? channel : channel.withType("text/plain; charset=utf-8");
  }

  /** Goes on as long as there is somebody to read. */
  private static void send(AsyncChannel channel, int number) {
    boolean isLast = number == LAST;
    boolean isSent = channel.send("message from server #" + number + "\n", isLast);
    if (isSent && !isLast) {
      Timer.DEFAULT.schedule(PAUSE, () -> send(channel, number + 1));
    }
  }
}
