package io.httpkit.client;

import io.httpkit.channel.ServerSentEvent;
import io.httpkit.client.ClientException.Kind;
import io.httpkit.http.BadMessageException;
import io.httpkit.http.MediaType;
import io.httpkit.http.Status;
import io.httpkit.internal.codec.sse.EventStreamDecoder;
import io.httpkit.timer.Timer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A stream of server-sent events that is asked for again when it breaks off, from the event on that
 * came last. WHATWG HTML §9.2.
 *
 * <p>It waits before it asks again: as long as the server says, else three seconds; after each
 * failure in a row twice as long, up to a minute; and up to half of that more or less, so that many
 * clients do not come back at once. It gives up, at once, when it is closed or the client is
 * stopped; and when the server answers 204, or anything else but a stream that is not a passing
 * failure (429 or 5xx).
 *
 * <pre>
 *   CONNECTING ⇄ OPEN
 *       │ ▲       │ broken off
 *       ▼ │       ▼
 *     WAITING ◀───┘     each ─▶ CLOSED
 * </pre>
 */
public final class EventSource implements AutoCloseable {
  /** What it does now. */
  public enum State {
    /** It has asked for the stream. */
    CONNECTING,
    /** Events come. */
    OPEN,
    /** It will ask again. */
    WAITING,
    /** No more comes. */
    CLOSED
  }

  private static final long DEFAULT_RETRY_MILLIS = 3_000;

  /** However soon the server wants to be asked again. */
  private static final long MIN_DELAY_MILLIS = 100;

  private static final long MAX_DELAY_MILLIS = 60_000;
  private static final int MAX_DOUBLINGS = 16;

  private final HttpClient client;
  private final ClientRequest request;
  private final EventListener listener;
  private final ListenerCalls calls = new ListenerCalls();
  private final Object lock = new Object();

  // Guarded by lock
  private State state = State.CONNECTING;
  private String lastEventId = "";
  private long retryMillis = DEFAULT_RETRY_MILLIS;

  /** Since an event has come. */
  private int failures;

  private @Nullable CompletableFuture<ClientResponse> asking;
  private @Nullable ClientResponse response;
  private Timer.@Nullable Task again;

  private EventSource(HttpClient client, ClientRequest request, EventListener listener) {
    this.client = client;
    this.request = request;
    this.listener = listener;
  }

  /** Asks for the stream. */
  static EventSource open(HttpClient client, ClientRequest request, EventListener listener) {
    EventSource source = new EventSource(client, request, listener);
    client.begun(source);
    source.connect();
    return source;
  }

  public State state() {
    synchronized (lock) {
      return state;
    }
  }

  /** The id of the event that came last; empty if none had one. */
  public String lastEventId() {
    synchronized (lock) {
      return lastEventId;
    }
  }

  private void connect() {
    ClientRequest next;
    synchronized (lock) {
      if (state == State.CLOSED) {
        return;
      }
      state = State.CONNECTING;
      next = again(lastEventId);
    }
    CompletableFuture<ClientResponse> asked = client.send(next);
    boolean unwanted;
    synchronized (lock) {
      asking = asked;
      unwanted = state == State.CLOSED;
    }
    if (unwanted) {
      asked.cancel(false);
    }
    CompletableFuture<ClientResponse> unused = asked.whenComplete(this::onAnswer);
  }

  /**
   * The request for what is behind this event. A field value has octets, so the id goes as UTF-8;
   * one with a control character cannot go at all, as no server can be told where it stood. HTML
   * §9.2.3.
   */
  private ClientRequest again(String id) {
    String octets = new String(id.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    return id.isEmpty() || octets.chars().anyMatch(EventSource::isControl)
        ? request
        : request.withHeader("Last-Event-ID", octets);
  }

  private static boolean isControl(int c) {
    return (c < ' ' && c != '\t') || c == 0x7f;
  }

  private void onAnswer(@Nullable ClientResponse answer, @Nullable Throwable failure) {
    if (answer == null) {
      broken(failure != null ? failure : ClientException.cancelled());
      return;
    }
    if (!isStream(answer)) {
      answer.close();
      refused(answer);
      return;
    }
    synchronized (lock) {
      if (state == State.CLOSED) {
        answer.close();
        return;
      }
      state = State.OPEN;
      response = answer;
    }
    // taken before the listener can read the body in its place
    Flow.Publisher<ByteBuffer> body = answer.publisher();
    tell(() -> listener.onOpen(answer));
    body.subscribe(new Reader(lastEventId()));
  }

  private static boolean isStream(ClientResponse answer) {
    return answer.status().code() == Status.OK.code()
        && MediaType.parse(String.valueOf(answer.header("Content-Type")))
            .filter(type -> type.essence().equals("text/event-stream"))
            .isPresent();
  }

  private void refused(ClientResponse answer) {
    int code = answer.status().code();
    ClientException cause =
        new ClientException(
            Kind.PROTOCOL,
            answer.url() + " answers " + answer.status() + " and not with a stream of events");
    if (code == Status.TOO_MANY_REQUESTS.code() || code >= 500) {
      broken(cause);
    } else {
      end(code == Status.NO_CONTENT.code() ? null : cause);
    }
  }

  /** It is over for now. */
  private void broken(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof ClientException known && known.kind() == Kind.STOPPED) {
      end(cause);
      return;
    }
    tell(() -> listener.onFailure(cause));
    synchronized (lock) {
      if (state != State.CLOSED) {
        state = State.WAITING;
        response = null;
        again = Timer.DEFAULT.schedule(delayMillis(), this::askAgain);
        failures++;
      }
    }
  }

  /** The timer's thread is for others too, and not for interceptors. */
  private void askAgain() {
    client.callback(this::connectOrEnd);
  }

  private void connectOrEnd() {
    try {
      connect();
    } catch (RuntimeException | Error e) {
      // nobody else would ever tell the listener
      end(e);
    }
  }

  private long delayMillis() {
    long delay = meanDelayMillis(retryMillis, failures);
    return delay / 2 + ThreadLocalRandom.current().nextLong(delay + 1);
  }

  /**
   * How long it waits on average.
   *
   * @param retryMillis as the server wants it
   * @param failures since an event has come
   */
  static long meanDelayMillis(long retryMillis, int failures) {
    long least = Math.max(retryMillis, MIN_DELAY_MILLIS);
    long doubled = least << Math.min(failures, MAX_DOUBLINGS);
    return Math.min(doubled, Math.max(least, MAX_DELAY_MILLIS));
  }

  /** Tells the listener, unless it is told that nothing more comes. */
  private void tell(Runnable call) {
    boolean runs;
    synchronized (lock) {
      runs = state != State.CLOSED && calls.add(() -> guarded(call));
    }
    if (runs) {
      calls.run();
    }
  }

  private void guarded(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | Error e) {
      client.onCallbackError(e);
    }
  }

  /** No more events come. Any thread; may be called again. */
  @Override
  public void close() {
    end(null);
  }

  /** The client is stopped. Any thread. */
  void stop() {
    end(ClientException.stopped());
  }

  /**
   * Lets go of all there is, and tells the listener, once.
   *
   * @param cause null if it is over as it should be
   */
  private void end(@Nullable Throwable cause) {
    CompletableFuture<ClientResponse> asked;
    ClientResponse read;
    boolean runs;
    synchronized (lock) {
      if (state == State.CLOSED) {
        return;
      }
      state = State.CLOSED;
      asked = asking;
      read = response;
      if (again != null) {
        boolean unused = again.cancel();
      }
      runs = calls.add(() -> tellEnd(cause));
    }
    client.over(this);
    if (asked != null) {
      asked.cancel(false);
    }
    if (read != null) {
      read.close();
    }
    if (runs) {
      client.callback(calls::run);
    }
  }

  private void tellEnd(@Nullable Throwable cause) {
    if (cause != null) {
      guarded(() -> listener.onFailure(cause));
    }
    guarded(listener::onClosed);
  }

  /** Reads one stream. */
  private final class Reader implements Flow.Subscriber<ByteBuffer> {
    private final EventStreamDecoder decoder;
    private Flow.@Nullable Subscription subscription;

    Reader(String lastEventId) {
      decoder =
          new EventStreamDecoder(
              lastEventId,
              EventStreamDecoder.DEFAULT_MAX_BYTES,
              EventStreamDecoder.DEFAULT_MAX_BYTES);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(ByteBuffer piece) {
      try {
        ServerSentEvent event = decoder.next(piece);
        while (event != null) {
          take(event);
          event = decoder.next(piece);
        }
        remember();
      } catch (BadMessageException e) {
        if (subscription != null) {
          subscription.cancel();
        }
        broken(
            new ClientException(
                Kind.TOO_LARGE, "an event of " + request.url() + " is too large", e));
      }
    }

    private void take(ServerSentEvent event) {
      remember();
      synchronized (lock) {
        failures = 0;
      }
      tell(() -> listener.onEvent(event));
    }

    private void remember() {
      synchronized (lock) {
        lastEventId = decoder.lastEventId();
        retryMillis = decoder.retryMillis() < 0 ? retryMillis : decoder.retryMillis();
      }
    }

    @Override
    public void onError(Throwable cause) {
      broken(cause);
    }

    @Override
    public void onComplete() {
      broken(new ClientException(Kind.CLOSED, "the stream of " + request.url() + " ended"));
    }
  }
}
