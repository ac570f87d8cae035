package io.httpkit.sample.upstreams;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.server.Response;
import io.httpkit.server.Router;
import io.httpkit.spring.boot.server.RouterCustomizer;
import io.httpkit.timer.Timer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Servers to be asked, under {@code /upstream}: a fast one, a slow one and a broken one. */
@Component
class OwnUpstreams implements RouterCustomizer {
  private static final byte[] BEGINNING = "as I was about to".getBytes(StandardCharsets.UTF_8);

  private final Duration slowness;

  OwnUpstreams(UpstreamsProperties properties) {
    this.slowness = properties.deadline().multipliedBy(2);
  }

  @Override
  public void customize(Router.Builder routes) {
    routes.get("/upstream/fast", request -> Response.text("here I am"));
    routes.get("/upstream/slow", request -> request.asChannel(this::answerLate));
    routes.get("/upstream/broken", request -> breakOff());
  }

  /** Unless whoever asked has gone, which it does at its deadline. */
  private void answerLate(AsyncChannel channel) {
    Timer.Task answer =
        Timer.DEFAULT.schedule(slowness, () -> channel.send(Response.text("at last")));
    channel.addCloseListener((closed, status) -> answer.cancel());
  }

  /** The server can only close the connection, as the response has begun. */
  private static Response breakOff() {
    return Response.stream(BreakingStream.behind(BEGINNING)).withType("text/plain");
  }
}
