package io.httpkit.channel;

import java.util.Collections;
import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Channels that are sent the same messages: a chat room, the readers of a ticker. A channel leaves
 * when it is closed. Any thread, at any time.
 */
public final class ChannelGroup implements Iterable<AsyncChannel> {
  private final ConcurrentHashMap<AsyncChannel, CloseListener> members = new ConcurrentHashMap<>();

  /** Ends one membership, and no later one of the same channel. */
  private final class Leave implements CloseListener {
    @Override
    public void onClosed(AsyncChannel channel, CloseStatus status) {
      members.remove(channel, this);
    }
  }

  /** A group that nobody is in. */
  public ChannelGroup() {}

  /**
   * Adds a channel; one that is closed leaves at once.
   *
   * @return false if it is in the group already
   */
  public boolean join(AsyncChannel channel) {
    Leave leave = new Leave();
    if (members.putIfAbsent(channel, leave) != null) {
      return false;
    }
    channel.addCloseListener(leave);
    if (members.get(channel) != leave) {
      // it has left meanwhile, when the listener was not there yet
      channel.removeCloseListener(leave);
    }
    return true;
  }

  /**
   * Removes a channel.
   *
   * @return false if it was not in the group
   */
  public boolean leave(AsyncChannel channel) {
    CloseListener leave = members.remove(channel);
    if (leave == null) {
      return false;
    }
    channel.removeCloseListener(leave);
    return true;
  }

  public boolean contains(AsyncChannel channel) {
    return members.containsKey(channel);
  }

  /** How many channels are in the group now. */
  public int size() {
    return members.size();
  }

  /** The channels that are in the group now; those that join meanwhile may be missed. */
  @Override
  public Iterator<AsyncChannel> iterator() {
    return Collections.unmodifiableSet(members.keySet()).iterator();
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

  /**
   * Sends a message to all but some, such as the one it came from.
   *
   * @throws IllegalStateException if a channel cannot be sent such a message, when all others have
   *     got it
   */
  public int broadcast(SharedMessage message, Predicate<? super AsyncChannel> exclude) {
    return count(channel -> !exclude.test(channel) && channel.send(message));
  }

  /**
   * Closes all channels of the group.
   *
   * @return how many were open
   * @throws IllegalArgumentException if a WebSocket cannot be closed with this; it stays open
   */
  public int close(int code, String reason) {
    return count(channel -> channel.close(code, reason));
  }

  /** For how many members this is true. That it fails for one is no reason to leave out others. */
  private int count(Predicate<AsyncChannel> action) {
    int count = 0;
    RuntimeException failure = null;
    for (AsyncChannel channel : members.keySet()) {
      try {
        if (action.test(channel)) {
          count++;
        }
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return count;
  }
}
