package io.httpkit.sample.chat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelGroup;
import io.httpkit.sample.JsonApi;
import java.util.ArrayDeque;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * The latest messages, and the channels that wait for more. All of them are sent JSON lists of
 * messages: a WebSocket many, a long poll one, as it is closed behind it. Safe for all threads.
 */
@Component
class ChatRoom {
  // Held while a message is sent to all, which never waits, so that all see the same order.
  private final Object lock = new Object();
  private final ArrayDeque<ChatMessage> history = new ArrayDeque<>();
  private final ChannelGroup present = new ChannelGroup();
  private final JsonApi json;
  private final int maxHistory;
  private long lastNumber;

  ChatRoom(JsonApi json, @Value("${sample.chat.history}") int maxHistory) {
    this.json = json;
    this.maxHistory = maxHistory;
  }

  /**
   * Sends what the channel has missed, and what will be said as long as it is open.
   *
   * @param since the number of the last message that its user has seen
   */
  void enter(AsyncChannel channel, long since) {
    synchronized (lock) {
      List<ChatMessage> missed = after(since);
      if (!missed.isEmpty()) {
        channel.send(json.text(missed));
      }
      present.join(channel);
    }
  }

  /** Sends a message to everybody. */
  ChatMessage say(ChatInput input) {
    synchronized (lock) {
      ChatMessage message = new ChatMessage(++lastNumber, input.user(), input.text());
      history.addLast(message);
      if (history.size() > maxHistory) {
        history.removeFirst();
      }
      present.broadcast(json.text(List.of(message)));
      return message;
    }
  }

  /** A number that is not given yet was given before this application started again. */
  private List<ChatMessage> after(long since) {
    long seen = since > lastNumber ? 0 : since;
    return history.stream().filter(message -> message.number() > seen).toList();
  }
}
