package io.httpkit.benchmarks.peers;

import io.httpkit.benchmarks.Payload;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.http.ServerWebSocket;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The part of the room whose WebSockets are on one event loop. A message goes over the event bus to
 * each part, and each writes to its own.
 */
final class VertxRoom {
  private static final String ADDRESS = "room";

  private final Set<ServerWebSocket> sockets = new HashSet<>();
  private @Nullable EventBus bus;

  void open(EventBus eventBus) {
    bus = eventBus;
    eventBus.<String>localConsumer(ADDRESS, message -> write(message.body()));
  }

  void join(ServerWebSocket socket) {
    sockets.add(socket);
    socket.closeHandler(closed -> sockets.remove(socket));
    socket.binaryMessageHandler(socket::writeBinaryMessage);
    socket.textMessageHandler(this::publish);
    socket.writeTextMessage(Payload.JOINED);
  }

  private void publish(String text) {
    if (bus != null) {
      bus.publish(ADDRESS, text);
    }
  }

  private void write(String text) {
    for (ServerWebSocket socket : sockets) {
      socket.writeTextMessage(text);
    }
  }
}
