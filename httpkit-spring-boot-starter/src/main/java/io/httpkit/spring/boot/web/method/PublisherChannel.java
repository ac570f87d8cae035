package io.httpkit.spring.boot.web.method;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.CloseStatus;
import io.httpkit.channel.ServerSentEvent;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Sends what a publisher publishes over a channel, and asks it for the next element when the one
 * before is sent and the peer keeps up. One publisher, one channel.
 */
final class PublisherChannel implements ChannelListener, Flow.Subscriber<Object> {
  private static final int INTERNAL_ERROR = CloseStatus.Kind.INTERNAL_SERVER_ERROR.code();

  private final Flow.Publisher<?> publisher;
  private final ElementWriter elements;
  private final Request request;
  private final Failures failures;
  private final Failures problems;

  /**
   * Guards changes of what follows: the publisher calls on its own threads, the channel on others.
   */
  private final Object lock = new Object();

  /** Written before anything is published. */
  private volatile @Nullable AsyncChannel channel;

  /** Written once. */
  private volatile Flow.@Nullable Subscription subscription;

  private volatile State state = State.NOTHING_SENT;

  /** NOTHING_SENT -> BEGUN, and from either -> WAITING -> PAUSED -> WAITING ... -> ENDED. */
  private enum State {
    /** The first element was asked for; an error can be answered. */
    NOTHING_SENT,
    /** The same, behind the head of a stream of events. */
    BEGUN,
    /** An element was sent, and another one asked for. */
    WAITING,
    /** None is asked for until the peer has taken more. */
    PAUSED,
    /** The publisher or the peer has ended it, at any time. */
    ENDED;

    boolean isBeforeFirst() {
      return this == NOTHING_SENT || this == BEGUN;
    }
  }

  /**
   * @param failures answers an error that comes before anything was sent
   * @param problems is told of one that comes later
   */
  PublisherChannel(
      Flow.Publisher<?> publisher,
      ElementWriter elements,
      Request request,
      Failures failures,
      Failures problems) {
    this.publisher = publisher;
    this.elements = elements;
    this.request = request;
    this.failures = failures;
    this.problems = problems;
  }

  @Override
  public void onOpen(AsyncChannel opened) {
    synchronized (lock) {
      channel = opened;
      state = opened.isEventStream() ? State.BEGUN : State.NOTHING_SENT;
    }
    try {
      publisher.subscribe(this);
    } catch (Exception | Error e) {
      cancel();
      onError(e);
      return;
    }
    if (elements.isEvents()) {
      begin(opened);
    }
  }

  /** A publisher that has nothing yet must not keep the client from knowing that it is heard. */
  private void begin(AsyncChannel to) {
    synchronized (lock) {
      if (state != State.NOTHING_SENT) {
        return;
      }
      state = State.BEGUN;
    }
    to.send(ServerSentEvent.comment(""), false);
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    boolean isEnded;
    synchronized (lock) {
      isEnded = state == State.ENDED || subscription != null;
      if (!isEnded) {
        subscription = given;
      }
    }
    if (isEnded) {
      given.cancel();
    } else {
      given.request(1);
    }
  }

  @Override
  public void onNext(Object element) {
    AsyncChannel to = channel;
    State was = state;
    if (to == null || was == State.ENDED) {
      return;
    }
    try {
      boolean isFirst = was.isBeforeFirst();
      Object piece = elements.element(element, isFirst);
      if (isFirst) {
        change(State.WAITING);
        send(to, elements.start());
      }
      send(to, piece);
    } catch (Exception e) {
      cancel();
      onError(e);
      return;
    }
    askForMore(to);
  }

  /** Over a WebSocket each piece is a text message. */
  private static void send(AsyncChannel to, Object piece) {
    if (!(piece instanceof byte[] bytes)) {
      to.send(piece, false);
    } else if (bytes.length > 0) {
      to.send(to.isWebSocket() ? new String(bytes, StandardCharsets.UTF_8) : bytes, false);
    }
  }

  private void askForMore(AsyncChannel to) {
    synchronized (lock) {
      if (state == State.ENDED) {
        return;
      }
      state = to.isWritable() ? State.WAITING : State.PAUSED;
      if (state == State.PAUSED) {
        return;
      }
    }
    ask();
  }

  @Override
  public void onDrain(AsyncChannel drained) {
    synchronized (lock) {
      if (state != State.PAUSED) {
        return;
      }
      state = State.WAITING;
    }
    ask();
  }

  private void ask() {
    Flow.Subscription from = subscription;
    if (from != null) {
      from.request(1);
    }
  }

  @Override
  public void onComplete() {
    State was = change(State.ENDED);
    AsyncChannel to = channel;
    if (to == null || was == State.ENDED) {
      return;
    }
    if (was.isBeforeFirst()) {
      send(to, elements.start());
    }
    send(to, elements.end());
    to.close();
  }

  /** What was not begun is answered, what was is broken off: a cut end must not look like one. */
  @Override
  public void onError(Throwable error) {
    State was = change(State.ENDED);
    AsyncChannel to = channel;
    if (to == null || was == State.ENDED) {
      return;
    }
    if (was == State.NOTHING_SENT && !to.isWebSocket()) {
      failures.give(error, request, answer -> to.send(answer, true));
      return;
    }
    Response unused = problems.answer(error, request);
    if (elements.isEvents()) {
      to.close();
    } else if (to.isWebSocket()) {
      to.close(INTERNAL_ERROR, "");
    } else {
      to.send(new Broken(error), true);
    }
  }

  /** Fails when it is read, so that the response is cut off and the error reported. */
  private static final class Broken extends InputStream {
    private final Throwable error;

    Broken(Throwable error) {
      this.error = error;
    }

    @Override
    public int read() throws IOException {
      throw new IOException(error);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      throw new IOException(error);
    }
  }

  @Override
  public void onClose(AsyncChannel closed, CloseStatus status) {
    change(State.ENDED);
    cancel();
  }

  private void cancel() {
    Flow.Subscription from = subscription;
    if (from != null) {
      from.cancel();
    }
  }

  /** Goes to this state, unless it has ended. Returns the one before. */
  private State change(State next) {
    synchronized (lock) {
      State was = state;
      state = was == State.ENDED ? was : next;
      return was;
    }
  }
}
