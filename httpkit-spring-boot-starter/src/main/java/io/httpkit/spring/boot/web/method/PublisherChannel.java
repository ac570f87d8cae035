package io.httpkit.spring.boot.web.method;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.CloseStatus;
import io.httpkit.server.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends what a publisher publishes over a channel, and asks it for the next element when the one
 * before is sent and the peer keeps up. One publisher, one channel.
 */
final class PublisherChannel implements ChannelListener, Flow.Subscriber<Object> {
  private static final int INTERNAL_ERROR = CloseStatus.Kind.INTERNAL_SERVER_ERROR.code();

  private final Flow.Publisher<?> publisher;
  private final ElementWriter.Format format;
  private final Function<Throwable, Response> problems;

  /** Guards what follows: the publisher calls on its own threads, the channel on others. */
  private final Object lock = new Object();

  private @Nullable AsyncChannel channel;
  private Flow.@Nullable Subscription subscription;
  private State state = State.WAITING;
  private boolean hasSent;

  /** WAITING -> PAUSED -> WAITING ... -> ENDED. */
  private enum State {
    /** An element was asked for. */
    WAITING,
    /** None is asked for until the peer has taken more. */
    PAUSED,
    /** The publisher or the peer has ended it. */
    ENDED
  }

  /**
   * @param problems what answers an error that comes before anything was sent
   */
  PublisherChannel(
      Flow.Publisher<?> publisher,
      ElementWriter.Format format,
      Function<Throwable, Response> problems) {
    this.publisher = publisher;
    this.format = format;
    this.problems = problems;
  }

  @Override
  public void onOpen(AsyncChannel opened) {
    synchronized (lock) {
      channel = opened;
    }
    publisher.subscribe(this);
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
    AsyncChannel to = open();
    if (to == null) {
      return;
    }
    try {
      boolean isFirst = !hasSent;
      byte[] start = isFirst ? format.start() : new byte[0];
      Object piece = format.element(element, isFirst);
      hasSent = true;
      send(to, start);
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
    Flow.Subscription from;
    synchronized (lock) {
      if (state == State.ENDED) {
        return;
      }
      state = to.isWritable() ? State.WAITING : State.PAUSED;
      from = state == State.WAITING ? subscription : null;
    }
    if (from != null) {
      from.request(1);
    }
  }

  @Override
  public void onDrain(AsyncChannel drained) {
    Flow.Subscription from;
    synchronized (lock) {
      if (state != State.PAUSED) {
        return;
      }
      state = State.WAITING;
      from = subscription;
    }
    if (from != null) {
      from.request(1);
    }
  }

  @Override
  public void onComplete() {
    AsyncChannel to = end();
    if (to == null) {
      return;
    }
    if (!hasSent) {
      send(to, format.start());
    }
    send(to, format.end());
    to.close();
  }

  /** What was not begun is answered, what was is broken off: a cut end must not look like one. */
  @Override
  public void onError(Throwable error) {
    AsyncChannel to = end();
    if (to == null) {
      return;
    }
    Response problem = problems.apply(error);
    if (to.isEventStream()) {
      to.close();
    } else if (to.isWebSocket()) {
      to.close(INTERNAL_ERROR, "");
    } else if (hasSent) {
      to.send(new Broken(error), true);
    } else {
      to.send(problem, true);
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
    end();
    cancel();
  }

  private void cancel() {
    Flow.Subscription from;
    synchronized (lock) {
      from = subscription;
    }
    if (from != null) {
      from.cancel();
    }
  }

  private @Nullable AsyncChannel open() {
    synchronized (lock) {
      return state == State.ENDED ? null : channel;
    }
  }

  private @Nullable AsyncChannel end() {
    synchronized (lock) {
      AsyncChannel was = state == State.ENDED ? null : channel;
      state = State.ENDED;
      return was;
    }
  }
}
