package io.httpkit.sample.rooms;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelGroup;
import io.httpkit.spring.boot.web.ChannelMapping;
import io.httpkit.spring.boot.web.Group;
import io.httpkit.spring.boot.web.OnMessage;
import io.httpkit.spring.boot.web.OnOpen;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/**
 * What is said in a room, to all who are in it: over WebSockets, as server-sent events or by long
 * polls. Nothing is kept.
 */
@ChannelMapping(path = "/rooms/{room}/chat", maxMessage = "8KB")
class RoomChat {
  @OnOpen
  void open(AsyncChannel channel, @Group("room-{room}") ChannelGroup group) {
    group.join(channel);
  }

  @OnMessage
  void say(@Valid Message message, @Group("room-{room}") ChannelGroup group) {
    group.broadcast(message.from() + ": " + message.text());
  }

  record Message(@Size(max = 40) @NotBlank String from, @Size(max = 1000) @NotBlank String text) {}
}
