package io.httpkit.sample;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ServerSentEvent;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.server.Router;
import io.httpkit.spring.boot.server.RouterCustomizer;
import io.httpkit.timer.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.springframework.stereotype.Component;

/**
 * The time at {@code /clock}, as a server-sent event every second. They are numbered, and a client
 * that connects again is counted on from the last number it has seen.
 */
@Component
class ClockRoutes implements RouterCustomizer {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final JsonApi json;

  ClockRoutes(JsonApi json) {
    this.json = json;
  }

  @Override
  public void customize(Router.Builder routes) {
    routes.get("/clock", json.answering(ClockRoutes::start));
  }

  private static Response start(Request request) {
    long seen =
        request
            .lastEventId()
            .map(id -> Numbers.parse("Last-Event-ID", id, 0, Numbers.MAX_IN_JSON))
            .orElse(0L);
    return request.asEventStream(channel -> tick(channel, seen + 1));
  }

  /** Goes on as long as there is somebody to read. */
  private static void tick(AsyncChannel channel, long number) {
    String time = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    ServerSentEvent event =
        ServerSentEvent.of("tick", time).withId(Long.toString(number)).withRetry(SECOND);
    if (channel.send(event)) {
      Timer.DEFAULT.schedule(SECOND, () -> tick(channel, number + 1));
    }
  }
}
