package io.httpkit.client;

import io.httpkit.testing.EventLog;
import java.net.SocketAddress;
import java.util.List;
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

  private final EventLog<Event> log = new EventLog<>();

  private void add(Kind kind, Object subject, @Nullable Throwable error) {
    log.add(new Event(kind, subject.toString(), error));
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

  /** How many requests have got a response, or failed. */
  int outcomes() {
    return count(Kind.RESPONSE) + count(Kind.FAILURE);
  }

  /** Waits until so many requests have got a response, or failed. */
  void awaitOutcomes(int count) throws InterruptedException {
    log.await(
        all ->
            all.stream()
                    .map(Event::kind)
                    .filter(kind -> kind == Kind.RESPONSE || kind == Kind.FAILURE)
                    .count()
                >= count,
        count + " outcomes");
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
