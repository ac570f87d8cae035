package io.httpkit.internal.loop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One thread that waits for readiness, then runs due timers, then tasks. It survives whatever they
 * throw.
 *
 * <p>Once in each tick it asks every registration to look at its deadlines, so that nothing needs a
 * timer of its own for each request. While it has no timers it waits without a time-out, as it
 * costs the system something to set one for each wait: so one of a group has its ticks from the
 * group's clock.
 */
public final class EventLoop implements Executor {
  private enum State {
    /** Its thread, if any, is busy and will look at the tasks before it sleeps. */
    AWAKE,
    /** Its thread waits in the selector and has to be woken for a task. */
    ASLEEP,
    /** No more turns, no more tasks. */
    ENDED
  }

  /** Tasks of one turn, so that tasks that add tasks cannot keep readiness waiting. */
  private static final int MAX_TASKS = 4096;

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** 146 years; more could not be told apart from the past. */
  private static final long MAX_DELAY_NANOS = Long.MAX_VALUE / 2;

  // Any thread
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicReference<State> state = new AtomicReference<>(State.AWAKE);
  private final AtomicInteger load = new AtomicInteger();
  private final LoopLag lag;
  private final Selector selector;
  private final Ticker ticker;
  private final Consumer<Throwable> onError;
  private @Nullable volatile Thread thread;

  // Loop only
  private final TimerQueue timers = new TimerQueue();
  private final Consumer<SelectionKey> dispatch = this::dispatch;
  private Runnable afterInput = () -> {};
  private long nowNanos;
  private boolean closing;

  /**
   * A loop that is not run yet, and times its ticks itself.
   *
   * @param tickNanos how often registrations look at their deadlines
   * @param onError told of what a task or timer threw
   */
  public EventLoop(Ticker ticker, long tickNanos, Consumer<Throwable> onError) throws IOException {
    this(ticker, onError);
    timers.add(nowNanos + tickNanos, () -> tickAgain(tickNanos));
  }

  /** A loop that ticks when {@link #tickSoon} says so, and has no timer for that. */
  EventLoop(Ticker ticker, Consumer<Throwable> onError) throws IOException {
    this.selector = Selector.open();
    this.ticker = ticker;
    this.onError = onError;
    this.nowNanos = ticker.nanoTime();
    this.lag = new LoopLag(nowNanos);
  }

  /** Turns until {@link #close}. The calling thread becomes the loop's thread. */
  public void run() {
    thread = Thread.currentThread();
    while (!closing) {
      turn(true);
    }
    end();
  }

  /** One turn that does not wait; the calling thread becomes the loop's thread. For tests. */
  public void runOnce() {
    thread = Thread.currentThread();
    turn(false);
    if (closing) {
      end();
    }
  }

  private void turn(boolean mayWait) {
    try {
      select(mayWait);
    } catch (Throwable t) {
      report(t);
    }
    runAfterInput();
    nowNanos = ticker.nanoTime();
    runTimers();
    runTasks();
    runAfterInput();
  }

  private void runAfterInput() {
    try {
      afterInput.run();
    } catch (Throwable t) {
      report(t);
    }
  }

  private void select(boolean mayWait) throws IOException {
    if (!mayWait) {
      selector.selectNow(dispatch);
      return;
    }
    long waitNanos = timers.nanosUntilNext(nowNanos);
    state.set(State.ASLEEP);
    try {
      if (!tasks.isEmpty() || waitNanos == 0) {
        selector.selectNow(dispatch);
      } else if (waitNanos == Long.MAX_VALUE) {
        selector.select(dispatch);
      } else {
        selector.select(dispatch, Math.max(1, waitNanos / NANOS_PER_MILLI));
      }
    } finally {
      state.set(State.AWAKE);
    }
  }

  private void dispatch(SelectionKey key) {
    if (state.getPlain() == State.ASLEEP) {
      state.set(State.AWAKE);
      nowNanos = ticker.nanoTime();
    }
    ((Registration) key.attachment()).ready(key);
  }

  private void runTimers() {
    boolean more = true;
    while (more) {
      try {
        more = timers.runOne(nowNanos);
      } catch (Throwable t) {
        report(t);
      }
    }
  }

  private void runTasks() {
    for (int i = 0; i < MAX_TASKS; i++) {
      Runnable task = tasks.poll();
      if (task == null) {
        return;
      }
      try {
        task.run();
      } catch (Throwable t) {
        report(t);
      }
    }
  }

  private void tickAgain(long tickNanos) {
    timers.add(nowNanos + tickNanos, () -> tickAgain(tickNanos));
    tick();
  }

  private void tick() {
    forEach(registration -> registration.tick(nowNanos));
  }

  /** Ticks, soon. A loop that is still to tick since the last time ticks once. */
  @AnyThread
  void tickSoon() {
    if (lag.ask(ticker.nanoTime())) {
      execute(this::tickAsked);
    }
  }

  private void tickAsked() {
    lag.answer(ticker.nanoTime());
    tick();
  }

  /** Runs the task on the loop's thread, soon. Any thread. A loop that has ended drops it. */
  @AnyThread
  @Override
  public void execute(Runnable task) {
    boolean unused = offer(task);
  }

  /** As {@link #execute}, but tells: false if the loop has ended and will not run the task. */
  @AnyThread
  public boolean offer(Runnable task) {
    if (state.get() == State.ENDED) {
      return false;
    }
    tasks.add(task);
    if (state.get() == State.ASLEEP && state.compareAndSet(State.ASLEEP, State.AWAKE)) {
      selector.wakeup();
    }
    // it may have ended meanwhile, and have looked for the last time
    return state.get() != State.ENDED || !tasks.remove(task);
  }

  /** Runs the task once, after {@code delayNanos}. */
  @LoopConfined
  public TimerQueue.Timer schedule(long delayNanos, Runnable task) {
    assertInLoop();
    return timers.add(nowNanos + Math.min(delayNanos, MAX_DELAY_NANOS), task);
  }

  /** Puts a non-blocking channel into the selector, with no interest yet. */
  @LoopConfined
  public void register(SelectableChannel channel, Registration registration)
      throws ClosedChannelException {
    assertInLoop();
    registration.registered(channel.register(selector, 0, registration));
  }

  /** Calls the action with each registration. */
  @LoopConfined
  public void forEach(Consumer<Registration> action) {
    for (SelectionKey key : selector.keys()) {
      if (key.isValid()) {
        action.accept((Registration) key.attachment());
      }
    }
  }

  /**
   * Has the task run in each turn when all that is ready has been dispatched, and when the tasks
   * have run. To be called once.
   */
  @LoopConfined
  public void afterInput(Runnable task) {
    assertInLoop();
    afterInput = task;
  }

  /** Ticker time at the beginning of this turn, in nanoseconds. */
  @LoopConfined
  public long nowNanos() {
    return nowNanos;
  }

  /** Ticker time now, in nanoseconds. Any thread. */
  @AnyThread
  public long nanoTime() {
    return ticker.nanoTime();
  }

  /**
   * How long a task had to wait at most before it was run, in nanoseconds, within the last minute
   * or two; seen once in each tick that the group's clock asks for. Any thread.
   */
  @AnyThread
  public long lagNanos() {
    return lag.nanos(ticker.nanoTime());
  }

  /** Whether the current thread is the loop's. Any thread. */
  @AnyThread
  public boolean isInLoop() {
    return Thread.currentThread() == thread;
  }

  /** Fails unless the current thread is the loop's, or the loop has none yet. */
  @LoopConfined
  public void assertInLoop() {
    Thread owner = thread;
    if (owner != null && Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "only " + owner.getName() + " may do this, not " + Thread.currentThread().getName());
    }
  }

  /** How many connections this loop has been dealt and still has. Any thread. */
  @AnyThread
  public AtomicInteger load() {
    return load;
  }

  /** Reports a fault that has no other place to go. Any thread; throws nothing. */
  @AnyThread
  public void report(Throwable error) {
    try {
      onError.accept(error);
    } catch (Throwable t) {
      // who is told of faults must not be one
    }
  }

  /** Ends the loop after this turn. Any thread; may be called again. */
  @AnyThread
  public void close() {
    execute(() -> closing = true);
  }

  /** Releases the selector. Called by the loop's thread, or when it has none. */
  void end() {
    state.set(State.ENDED);
    runTasks();
    runAfterInput();
    try {
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
