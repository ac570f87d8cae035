package io.httpkit.channel;

import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Channels that are sent the same messages: a chat room, the readers of a ticker. A channel leaves
 * when it is closed. Any thread, at any time.
 */
public final class ChannelGroup implements Iterable<AsyncChannel> {
  private final Set<AsyncChannel> members = ConcurrentHashMap.newKeySet();
  private final CloseListener leave = (channel, status) -> members.remove(channel);

  /** A group that nobody is in. */
  public ChannelGroup() {}

  /**
   * Adds a channel; one that is closed leaves at once.
   *
   * @return false if it is in the group already
   */
  public boolean join(AsyncChannel channel) {
    if (!members.add(channel)) {
      return false;
    }
    channel.addCloseListener(leave);
    return true;
  }

  /**
   * Removes a channel.
   *
   * @return false if it was not in the group
   */
  public boolean leave(AsyncChannel channel) {
    if (!members.remove(channel)) {
      return false;
    }
    channel.removeCloseListener(leave);
    return true;
  }

  public boolean contains(AsyncChannel channel) {
    return members.contains(channel);
  }

  /** How many channels are in the group now. */
  public int size() {
    return members.size();
  }

  /** The channels that are in the group now; those that join meanwhile may be missed. */
  @Override
  public Iterator<AsyncChannel> iterator() {
    Iterator<AsyncChannel> current = members.iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return current.hasNext();
      }

      @Override
      public AsyncChannel next() {
        return current.next();
      }
    };
  }

  /**
   * Sends a text message to all.
   *
   * @return how many channels took it
   */
  public int broadcast(String text) {
    return broadcast(SharedMessage.of(text));
  }

  /** Sends a binary message to all. */
  public int broadcast(byte[] bytes) {
    return broadcast(SharedMessage.of(bytes));
  }

  /** Sends a message to all. Never waits for a slow reader. */
  public int broadcast(SharedMessage message) {
    return broadcast(message, channel -> false);
  }

  /** Sends a message to all but some, such as the one it came from. */
  public int broadcast(SharedMessage message, Predicate<? super AsyncChannel> exclude) {
    int taken = 0;
    for (AsyncChannel channel : members) {
      if (!exclude.test(channel) && channel.send(message)) {
        taken++;
      }
    }
    return taken;
  }

  /**
   * Closes all channels of the group.
   *
   * @return how many were open
   */
  public int close(int code, String reason) {
    int closed = 0;
    for (AsyncChannel channel : members) {
      if (channel.close(code, reason)) {
        closed++;
      }
    }
    return closed;
  }
}
