package io.httpkit.client;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Keeps what happens in clients, so that a test can wait for it. */
final class RecordingEvents implements ClientEvents {
  enum Kind {
    CONNECT,
    CONNECT_FAILURE,
    CLOSE,
    REQUEST,
    RESPONSE,
    FAILURE,
    RETRY,
    REDIRECT,
    CALLBACK_ERROR,
    LOOP_ERROR
  }

  /**
   * One call.
   *
   * @param subject the origin, the request or the URL that it is about; empty for errors
   */
  record Event(Kind kind, String subject, @Nullable Throwable error) {}

  private static final Duration BOUND = Duration.ofSeconds(20);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition added = lock.newCondition();
  private final List<Event> events = new ArrayList<>();

  private void add(Kind kind, Object subject, @Nullable Throwable error) {
    lock.lock();
    try {
      events.add(new Event(kind, subject.toString(), error));
      added.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** All that happened so far. */
  List<Event> all() {
    lock.lock();
    try {
      return List.copyOf(events);
    } finally {
      lock.unlock();
    }
  }

  List<Event> all(Kind kind) {
    return all().stream().filter(event -> event.kind() == kind).toList();
  }

  int count(Kind kind) {
    return all(kind).size();
  }

  /** Waits for the first event of this kind. */
  Event await(Kind kind) throws InterruptedException {
    return await(kind, 1);
  }

  /** Waits until there are so many events of this kind, and returns the last of them. */
  Event await(Kind kind, int count) throws InterruptedException {
    long nanos = BOUND.toNanos();
    if (!lock.tryLock(nanos, TimeUnit.NANOSECONDS)) {
      throw new AssertionError("events are locked");
    }
    try {
      while (count(kind) < count) {
        if (nanos <= 0) {
          throw new AssertionError(
              "waited for " + count + " times " + kind + " but there was " + events);
        }
        nanos = added.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
    return all(kind).get(count - 1);
  }

  @Override
  public void onConnect(String origin, @Nullable SocketAddress remote, long nanos) {
    add(Kind.CONNECT, origin, null);
  }

  @Override
  public void onConnectFailure(String origin, Throwable cause) {
    add(Kind.CONNECT_FAILURE, origin, cause);
  }

  @Override
  public void onClose(String origin) {
    add(Kind.CLOSE, origin, null);
  }

  @Override
  public void onRequest(ClientRequest request) {
    add(Kind.REQUEST, request, null);
  }

  @Override
  public void onResponse(ClientRequest request, ClientResponse response, long nanos) {
    add(Kind.RESPONSE, request, null);
  }

  @Override
  public void onFailure(ClientRequest request, Throwable cause, long nanos) {
    add(Kind.FAILURE, request, cause);
  }

  @Override
  public void onRetry(ClientRequest request, Throwable cause) {
    add(Kind.RETRY, request, cause);
  }

  @Override
  public void onRedirect(ClientRequest request, String location) {
    add(Kind.REDIRECT, location, null);
  }

  @Override
  public void onCallbackError(Throwable error) {
    add(Kind.CALLBACK_ERROR, "", error);
  }

  @Override
  public void onLoopError(Throwable error) {
    add(Kind.LOOP_ERROR, "", error);
  }
}
