package io.httpkit.sample.chat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.CloseStatus;
import io.httpkit.sample.ApiException;
import io.httpkit.sample.JsonApi;
import io.httpkit.timer.Timer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A user's way into the room: a WebSocket for as long as it is open, or one long poll.
 *
 * @param since the number of the last message that the user has seen
 * @param patience how long a poll waits for a message; then it is answered with none
 */
record ChatListener(ChatRoom room, JsonApi json, long since, Duration patience)
    implements ChannelListener {
  private static final String NO_MESSAGES = "[]";

  @Override
  public void onOpen(AsyncChannel channel) {
    room.enter(channel, since);
    if (!channel.isWebSocket()) {
      Timer.Task end = Timer.DEFAULT.schedule(patience, () -> channel.send(NO_MESSAGES));
      channel.addCloseListener((closed, status) -> end.cancel());
    }
  }

  @Override
  public void onText(AsyncChannel channel, String text) {
    try {
      room.say(ChatInput.read(text.getBytes(StandardCharsets.UTF_8), json));
    } catch (ApiException e) {
      channel.send(json.problem(e));
    }
  }

  @Override
  public void onBinary(AsyncChannel channel, byte[] bytes) {
    channel.close(CloseStatus.Kind.UNSUPPORTED.code(), "messages are JSON texts");
  }
}
