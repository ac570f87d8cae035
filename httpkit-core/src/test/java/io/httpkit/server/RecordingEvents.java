package io.httpkit.server;

import io.httpkit.http.Status;
import io.httpkit.testing.EventLog;
import java.net.SocketAddress;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Keeps what happens in a server, so that a test can wait for it. */
final class RecordingEvents implements ServerEvents {
  enum Kind {
    ACCEPT,
    TLS_HANDSHAKE,
    TLS_FAILURE,
    REQUEST,
    RESPONSE,
    ABORTED,
    ERROR,
    REJECTED,
    CLOSE,
    ACCEPT_PAUSED,
    ACCEPT_RESUMED,
    LOOP_ERROR
  }

  /** One call; what it does not carry is null or -1. */
  record Event(
      Kind kind,
      @Nullable SocketAddress remote,
      @Nullable Request request,
      @Nullable Status status,
      long bodyBytes,
      long nanos,
      @Nullable Throwable error) {
    static Event of(Kind kind) {
      return new Event(kind, null, null, null, -1, -1, null);
    }

    static Event of(Kind kind, @Nullable SocketAddress remote) {
      return new Event(kind, remote, null, null, -1, -1, null);
    }

    static Event of(Kind kind, @Nullable Request request, @Nullable Throwable error) {
      return new Event(kind, null, request, null, -1, -1, error);
    }
  }

  private final EventLog<Event> log = new EventLog<>();

  private void add(Event event) {
    log.add(event);
  }

  /** All that happened so far. */
  List<Event> all() {
    return log.all();
  }

  List<Event> all(Kind kind) {
    return all().stream().filter(event -> event.kind() == kind).toList();
  }

  int count(Kind kind) {
    return all(kind).size();
  }

  /** The kinds of all that happened so far, in order. */
  List<Kind> kinds() {
    return all().stream().map(Event::kind).toList();
  }

  /** Waits for the first event of this kind. */
  Event await(Kind kind) throws InterruptedException {
    return await(kind, 1);
  }

  /** Waits until there are so many events of this kind, and returns the last of them. */
  Event await(Kind kind, int count) throws InterruptedException {
    log.await(
        all -> all.stream().filter(event -> event.kind() == kind).count() >= count,
        count + " times " + kind);
    return all(kind).get(count - 1);
  }

  @Override
  public void onAccept(@Nullable SocketAddress remote) {
    add(Event.of(Kind.ACCEPT, remote));
  }

  @Override
  public void onTlsHandshake(@Nullable SocketAddress remote, SSLSession session) {
    add(Event.of(Kind.TLS_HANDSHAKE, remote));
  }

  @Override
  public void onTlsFailure(@Nullable SocketAddress remote, Throwable cause) {
    add(new Event(Kind.TLS_FAILURE, remote, null, null, -1, -1, cause));
  }

  @Override
  public void onRequest(Request request) {
    add(Event.of(Kind.REQUEST, request, null));
  }

  @Override
  public void onResponse(@Nullable Request request, Status status, long bodyBytes, long nanos) {
    add(new Event(Kind.RESPONSE, null, request, status, bodyBytes, nanos, null));
  }

  @Override
  public void onAborted(Request request, @Nullable Status status) {
    add(new Event(Kind.ABORTED, null, request, status, -1, -1, null));
  }

  @Override
  public void onError(Request request, Throwable error) {
    add(Event.of(Kind.ERROR, request, error));
  }

  @Override
  public void onRejected(Request request) {
    add(Event.of(Kind.REJECTED, request, null));
  }

  @Override
  public void onClose(@Nullable SocketAddress remote) {
    add(Event.of(Kind.CLOSE, remote));
  }

  @Override
  public void onAcceptPaused(@Nullable Throwable cause) {
    add(Event.of(Kind.ACCEPT_PAUSED, null, cause));
  }

  @Override
  public void onAcceptResumed() {
    add(Event.of(Kind.ACCEPT_RESUMED));
  }

  @Override
  public void onLoopError(Throwable error) {
    add(Event.of(Kind.LOOP_ERROR, null, error));
  }
}
