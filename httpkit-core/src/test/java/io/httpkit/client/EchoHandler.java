package io.httpkit.client;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.server.Handler;
import io.httpkit.server.Request;
import io.httpkit.server.Response;

/** Sends back what comes, in a response or over a WebSocket, and tells how it came. */
final class EchoHandler implements Handler, ChannelListener {
  @Override
  public Response handle(Request request) {
    if (request.isWebSocket()) {
      return request.asChannel(this);
    }
    return Response.bytes(request.bytes())
        .withHeader("X-Protocol", request.protocol())
        .withHeader("X-Peer", String.valueOf(request.remoteAddress()))
        .withHeader("X-Length", request.header("Content-Length").orElse("chunked"));
  }

  @Override
  public void onText(AsyncChannel channel, String text) {
    channel.send(text);
  }
}
