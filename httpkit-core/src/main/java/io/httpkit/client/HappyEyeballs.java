package io.httpkit.client;

import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.loop.LoopConfined;
import io.httpkit.internal.loop.TimerQueue;
import io.httpkit.internal.net.ConnectAttempt;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Connects to the first of several addresses that answers: begins with one, and with the next when
 * that has failed or has not answered in a quarter of a second, while the first goes on. RFC 8305
 * §5.
 */
@LoopConfined
final class HappyEyeballs implements ConnectAttempt.Listener {
  /** Is told of the outcome, once. */
  interface Listener {
    void onConnected(SocketChannel channel);

    /** The message names each address and what was wrong with it. */
    void onFailed(IOException cause);
  }

  private static final long ATTEMPT_DELAY_NANOS = 250_000_000;

  private final EventLoop loop;
  private final ArrayDeque<SocketAddress> left;
  private final @Nullable SocketAddress local;
  private final Listener listener;
  private final List<ConnectAttempt> running = new ArrayList<>(2);
  private final List<IOException> failures = new ArrayList<>(2);
  private TimerQueue.@Nullable Timer next;

  /**
   * @param addresses in the order in which they are tried
   * @param local the local address, null for any
   */
  HappyEyeballs(
      EventLoop loop,
      List<SocketAddress> addresses,
      @Nullable SocketAddress local,
      Listener listener) {
    this.loop = loop;
    this.left = new ArrayDeque<>(addresses);
    this.local = local;
    this.listener = listener;
  }

  /** The addresses by turns of IPv6 and IPv4, beginning with the family of the first. */
  static List<SocketAddress> byTurns(List<InetAddress> addresses, int port) {
    ArrayDeque<InetAddress> first = new ArrayDeque<>();
    ArrayDeque<InetAddress> second = new ArrayDeque<>();
    for (InetAddress address : addresses) {
      boolean isOfFirst =
          address instanceof Inet6Address == addresses.get(0) instanceof Inet6Address;
      (isOfFirst ? first : second).add(address);
    }
    List<SocketAddress> turns = new ArrayList<>(addresses.size());
    while (!first.isEmpty() || !second.isEmpty()) {
      for (ArrayDeque<InetAddress> family : List.of(first, second)) {
        InetAddress address = family.poll();
        if (address != null) {
          turns.add(new InetSocketAddress(address, port));
        }
      }
    }
    return turns;
  }

  /** Begins. */
  void start() {
    tryNext();
  }

  private void tryNext() {
    if (next != null) {
      next.cancel();
      next = null;
    }
    SocketAddress address = left.poll();
    if (address == null) {
      if (running.isEmpty()) {
        listener.onFailed(failure());
      }
      return;
    }
    try {
      running.add(ConnectAttempt.open(loop, address, local, this));
    } catch (IOException e) {
      note(address, e);
      tryNext();
      return;
    }
    if (!left.isEmpty()) {
      next = loop.schedule(ATTEMPT_DELAY_NANOS, this::tryNext);
    }
  }

  private void note(Object address, IOException cause) {
    failures.add(new IOException(address + ": " + cause.getMessage(), cause));
  }

  /** All failures in one, in the order in which they came. */
  private IOException failure() {
    if (failures.size() == 1) {
      return failures.get(0);
    }
    StringJoiner reasons = new StringJoiner("; ");
    failures.forEach(one -> reasons.add(one.getMessage()));
    IOException all = new IOException(reasons.toString(), failures.get(0));
    failures.subList(1, failures.size()).forEach(all::addSuppressed);
    return all;
  }

  @Override
  public void onConnected(ConnectAttempt attempt, SocketChannel channel) {
    running.remove(attempt);
    cancel();
    listener.onConnected(channel);
  }

  @Override
  public void onFailed(ConnectAttempt attempt, IOException cause) {
    running.remove(attempt);
    note(attempt.remote(), cause);
    tryNext();
  }

  /** Gives up, and tells nobody. */
  void cancel() {
    left.clear();
    running.forEach(ConnectAttempt::cancel);
    running.clear();
    if (next != null) {
      next.cancel();
    }
  }
}
