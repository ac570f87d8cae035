package io.httpkit.sample;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.server.Router;
import io.httpkit.spring.boot.server.RouterCustomizer;
import org.springframework.stereotype.Component;

/** Sends back at {@code /echo} what comes over a WebSocket. */
@Component
class EchoRoutes implements RouterCustomizer {
  @Override
  public void customize(Router.Builder routes) {
    routes.get("/echo", request -> request.asChannel(EchoRoutes::echo));
  }

  private static void echo(AsyncChannel channel) {
    if (channel.isWebSocket()) {
      channel.onReceive(channel::send);
    } else {
      channel.send("Open a WebSocket here.\n");
    }
  }
}
