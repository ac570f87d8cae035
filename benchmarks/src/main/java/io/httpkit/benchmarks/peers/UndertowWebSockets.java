package io.httpkit.benchmarks.peers;

import io.httpkit.benchmarks.Payload;
import io.undertow.Handlers;
import io.undertow.server.HttpHandler;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Undertow's WebSockets, on its I/O threads. */
final class UndertowWebSockets {
  private UndertowWebSockets() {}

  static HttpHandler echo() {
    return Handlers.websocket((exchange, channel) -> listen(channel, new Echo()));
  }

  static HttpHandler room() {
    return Handlers.websocket(
        (exchange, channel) -> {
          listen(channel, new Room());
          WebSockets.sendText(Payload.JOINED, channel, null);
        });
  }

  private static void listen(WebSocketChannel channel, AbstractReceiveListener listener) {
    channel.getReceiveSetter().set(listener);
    channel.resumeReceives();
  }

  private static class Echo extends AbstractReceiveListener {
    @Override
    protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
      WebSockets.sendText(message.getData(), channel, null);
    }

    @Override
    protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
      var data = message.getData();
      WebSockets.sendBinary(WebSockets.mergeBuffers(data.getResource()), channel, null);
      data.free();
    }
  }

  /** To all that the same handler has accepted: the bytes are encoded once, each has a view. */
  private static final class Room extends Echo {
    @Override
    protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
      ByteBuffer bytes = ByteBuffer.wrap(message.getData().getBytes(StandardCharsets.UTF_8));
      for (WebSocketChannel peer : channel.getPeerConnections()) {
        WebSockets.sendText(bytes.duplicate(), peer, null);
      }
    }
  }
}
