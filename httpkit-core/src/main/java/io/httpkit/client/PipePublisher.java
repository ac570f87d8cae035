package io.httpkit.client;

import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Gives the pieces of a body to one subscriber, as many as it asks for, in order and never two at
 * once, where callbacks run.
 */
final class PipePublisher implements Flow.Publisher<ByteBuffer>, Flow.Subscription {
  private final BodyPipe pipe;
  private final ClientEngine engine;
  private final PieceSource pieces;
  private final AtomicLong demand = new AtomicLong();

  /** Reasons to look again; above zero somebody is looking. */
  private final AtomicInteger looks = new AtomicInteger();

  /** Set once, before the subscriber is told anything. */
  private Flow.@Nullable Subscriber<? super ByteBuffer> subscriber;

  private volatile @Nullable Throwable misuse;

  /** Whether the subscriber wants nothing more, and is told nothing more. */
  private volatile boolean cancelled;

  /** Only by who is looking. */
  private boolean over;

  /**
   * @param pieces of the pipe, or what they are when their coding is taken off
   */
  PipePublisher(BodyPipe pipe, PieceSource pieces, ClientEngine engine) {
    this.pipe = pipe;
    this.pieces = pieces;
    this.engine = engine;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> newSubscriber) {
    synchronized (this) {
      if (subscriber != null) {
        newSubscriber.onSubscribe(NoSubscription.INSTANCE);
        newSubscriber.onError(new IllegalStateException("the body is being read already"));
        return;
      }
      subscriber = newSubscriber;
    }
    // nobody else looks until the subscriber knows its subscription, whatever it asks for there
    looks.incrementAndGet();
    newSubscriber.onSubscribe(this);
    pipe.onChange(this::look);
    engine.callback(this::deliver);
  }

  @Override
  public void request(long count) {
    if (count <= 0) {
      misuse = BodyPipe.badDemand(count);
    } else {
      demand.accumulateAndGet(count, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
    }
    look();
  }

  @Override
  public void cancel() {
    cancelled = true;
    pipe.close();
    look();
  }

  private void look() {
    if (looks.getAndIncrement() == 0) {
      engine.callback(this::deliver);
    }
  }

  private void deliver() {
    int seen = 1;
    do {
      while (!over && step()) {
        // one piece after the other
      }
      seen = looks.addAndGet(-seen);
    } while (seen != 0);
  }

  /** Tells the subscriber something; false if there is nothing to tell now. */
  private boolean step() {
    Flow.Subscriber<? super ByteBuffer> told = subscriber;
    if (told == null) {
      return false;
    }
    try {
      return tell(told);
    } catch (RuntimeException | Error e) {
      // a subscriber must not throw, whatever it is told; it gets no more
      end();
      engine.events().onCallbackError(e);
      return false;
    }
  }

  private boolean tell(Flow.Subscriber<? super ByteBuffer> told) {
    if (cancelled) {
      end();
      return false;
    }
    Throwable failure = misuse;
    if (failure != null) {
      end();
      told.onError(failure);
      return false;
    }
    try {
      pipe.mustNotBeClosed();
      if (demand.get() > 0) {
        ByteBuffer piece = pieces.poll();
        if (piece != null) {
          demand.decrementAndGet();
          told.onNext(piece);
          return true;
        }
      }
      if (pieces.isAtEnd()) {
        end();
        told.onComplete();
      }
    } catch (ClientException e) {
      end();
      // who has cancelled meanwhile is told nothing more
      if (!cancelled) {
        told.onError(e);
      }
    }
    return false;
  }

  private void end() {
    over = true;
    pieces.close();
  }
}
