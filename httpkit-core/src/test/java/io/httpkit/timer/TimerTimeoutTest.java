package io.httpkit.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work that has to be done in time. */
@Timeout(60)
class TimerTimeoutTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration KEEP_ALIVE = Duration.ofDays(1);
  private static final int ROUNDS = 3_000;

  private final AtomicLong clock = new AtomicLong();
  private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
  private final Timer timer = new Timer("test-timer", KEEP_ALIVE, errors::add, clock::get);
  private final AtomicInteger timeouts = new AtomicInteger();
  private final CompletableFuture<String> work = new CompletableFuture<>();

  /** So that its thread ends. */
  @AfterEach
  void idle() {
    clock.addAndGet(KEEP_ALIVE.toNanos());
    timer.lookAgain();
    assertThat(timer.pending()).isZero();
  }

  private String onTimeout() {
    return "time-out " + timeouts.incrementAndGet();
  }

  private void advance(Duration by) throws Exception {
    clock.addAndGet(by.toNanos());
    timer.lookAgain();
    timer.call(Duration.ZERO, () -> "settled").get(20, TimeUnit.SECONDS);
  }

  // ---- futures

  @Test
  void workThatIsDoneInTimeWins() throws Exception {
    CompletableFuture<String> result = timer.withTimeout(SECOND, this::onTimeout, work);
    assertThat(timer.pending()).isEqualTo(1);

    work.complete("work");

    assertThat(result).isCompletedWithValue("work");
    assertThat(timer.pending()).isZero();
    advance(SECOND);
    assertThat(timeouts).hasValue(0);
  }

  @Test
  void workThatFailsInTimeWins() throws Exception {
    CompletableFuture<String> result = timer.withTimeout(SECOND, this::onTimeout, work);
    IllegalStateException thrown = new IllegalStateException("on purpose");

    work.completeExceptionally(thrown);

    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> result.get(20, TimeUnit.SECONDS))
        .withCause(thrown);
    assertThat(timer.pending()).isZero();
  }

  @Test
  void timeOutWinsOverWorkThatIsDoneLater() throws Exception {
    CompletableFuture<String> result = timer.withTimeout(SECOND, this::onTimeout, work);

    advance(SECOND.minusNanos(1));
    assertThat(result).isNotDone();
    advance(Duration.ofNanos(1));
    assertThat(result).isCompletedWithValue("time-out 1");
    work.complete("work");

    assertThat(result).isCompletedWithValue("time-out 1");
    assertThat(timeouts).hasValue(1);
  }

  @Test
  void workThatIsDoneAlreadyWinsWithoutAnyTime() throws Exception {
    work.complete("work");

    for (Duration none : List.of(Duration.ZERO, SECOND.negated())) {
      assertThat(timer.withTimeout(none, this::onTimeout, work)).isCompletedWithValue("work");
    }

    assertThat(timer.pending()).isZero();
    assertThat(timeouts).hasValue(0);
  }

  @Test
  void whatOnTimeoutThrowsIsTheResult() throws Exception {
    IllegalStateException thrown = new IllegalStateException("on purpose");
    CompletableFuture<String> result =
        timer.withTimeout(
            SECOND,
            () -> {
              throw thrown;
            },
            work);

    advance(SECOND);

    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> result.get(20, TimeUnit.SECONDS))
        .withCause(thrown);
    assertThat(errors).isEmpty();
  }

  @Test
  void resultThatIsCancelledEndsTheWaiting() throws Exception {
    CompletableFuture<String> result = timer.withTimeout(SECOND, this::onTimeout, work);

    result.cancel(false);

    assertThat(timer.pending()).isZero();
    advance(SECOND);
    assertThat(timeouts).hasValue(0);
    assertThat(work).isNotDone();
  }

  // ---- callbacks

  @Test
  void callInTimeWins() throws Exception {
    List<String> called = new ArrayList<>();
    Consumer<String> callback = timer.withTimeout(SECOND, this::onTimeout, called::add);

    callback.accept("first");
    callback.accept("second");

    assertThat(timer.pending()).isZero();
    advance(SECOND);
    assertThat(called).containsExactly("first");
    assertThat(timeouts).hasValue(0);
  }

  @Test
  void timeOutWinsOverALaterCall() throws Exception {
    List<String> called = new ArrayList<>();
    Consumer<String> callback = timer.withTimeout(SECOND, this::onTimeout, called::add);

    advance(SECOND);
    callback.accept("late");

    assertThat(called).containsExactly("time-out 1");
  }

  @Test
  void onTimeoutThatThrowsIsReported() throws Exception {
    List<String> called = new ArrayList<>();
    IllegalStateException thrown = new IllegalStateException("on purpose");
    Consumer<String> callback =
        timer.withTimeout(
            SECOND,
            () -> {
              throw thrown;
            },
            called::add);

    advance(SECOND);
    callback.accept("late");

    assertThat(called).isEmpty();
    assertThat(errors).containsExactly(thrown);
  }

  // ---- at the same moment

  /** The time is over while two threads call. */
  @Test
  void exactlyOneOfTimeOutAndCallsWins() throws Exception {
    Timer real = new Timer("race-timer", SECOND, errors::add);
    AtomicReference<Consumer<String>> callback = new AtomicReference<>();
    CyclicBarrier barrier = new CyclicBarrier(2);
    CompletableFuture<Void> other =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < ROUNDS; i++) {
                await(barrier);
                callback.get().accept("other");
                await(barrier);
              }
            });

    for (int i = 0; i < ROUNDS; i++) {
      AtomicInteger calls = new AtomicInteger();
      callback.set(real.withTimeout(brief(i), this::onTimeout, v -> calls.incrementAndGet()));
      await(barrier);
      callback.get().accept("this");
      await(barrier);
      real.call(Duration.ZERO, () -> "settled").get(20, TimeUnit.SECONDS);
      assertThat(calls).hasValue(1);
    }

    other.get(20, TimeUnit.SECONDS);
    assertThat(real.pending()).isZero();
    assertThat(errors).isEmpty();
  }

  @Test
  void exactlyOneOfTimeOutAndWorkWins() throws Exception {
    Timer real = new Timer("race-timer", SECOND, errors::add);
    int worked = 0;
    for (int i = 0; i < ROUNDS; i++) {
      CompletableFuture<String> raced = new CompletableFuture<>();
      CompletableFuture<String> result = real.withTimeout(brief(i), this::onTimeout, raced);
      raced.complete("work");
      worked += result.get(20, TimeUnit.SECONDS).equals("work") ? 1 : 0;
    }

    assertThat(worked + timeouts.get()).isEqualTo(ROUNDS);
    assertThat(real.pending()).isZero();
  }

  private static Duration brief(int round) {
    return Duration.ofNanos(round % 100 * 1_000L);
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
