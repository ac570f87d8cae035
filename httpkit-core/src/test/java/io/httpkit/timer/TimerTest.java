package io.httpkit.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What runs when. The clock stands still until a test moves it. */
@Timeout(30)
class TimerTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration KEEP_ALIVE = Duration.ofDays(1);

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L);
  private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
  private final Timer timer = new Timer("test-timer", KEEP_ALIVE, errors::add, clock::get);
  private final List<String> ran = new ArrayList<>();

  /** So that its thread ends. */
  @AfterEach
  void idle() {
    clock.addAndGet(KEEP_ALIVE.toNanos());
    timer.lookAgain();
    assertThat(timer.pending()).isZero();
  }

  private Timer.Task add(Duration delay, String name) {
    return timer.schedule(delay, () -> ran.add(name));
  }

  /** Moves the clock, and returns when all that is due then has run. */
  private void advance(Duration by) throws Exception {
    clock.addAndGet(by.toNanos());
    timer.lookAgain();
    settle();
  }

  /** A task that is due now runs behind all that are due. */
  private void settle() throws Exception {
    timer.call(Duration.ZERO, () -> "settled").get(20, TimeUnit.SECONDS);
  }

  @Test
  void runsInOrderOfTime() throws Exception {
    add(SECOND.multipliedBy(3), "third");
    add(SECOND, "first");
    add(SECOND.multipliedBy(2), "second");
    settle();
    assertThat(ran).isEmpty();

    advance(SECOND.minusNanos(1));
    assertThat(ran).isEmpty();
    advance(Duration.ofNanos(1));
    assertThat(ran).containsExactly("first");
    advance(SECOND.multipliedBy(2));
    assertThat(ran).containsExactly("first", "second", "third");
  }

  @Test
  void tasksOfOneTimeRunAsTheyWereScheduled() throws Exception {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      expected.add("task " + i);
      add(SECOND, "task " + i);
    }

    advance(SECOND);

    assertThat(ran).isEqualTo(expected);
  }

  @Test
  void millisecondsAreThat() throws Exception {
    timer.schedule(1_000, () -> ran.add("a second"));

    advance(SECOND.minusNanos(1));
    assertThat(ran).isEmpty();
    advance(Duration.ofNanos(1));
    assertThat(ran).containsExactly("a second");
  }

  /** The clock of these tests overflows after five seconds, too. */
  @Test
  void timesThatAreFarAwayAreInOrder() throws Exception {
    List<Timer.Task> never = new ArrayList<>();
    never.add(timer.schedule(Long.MAX_VALUE, () -> ran.add("never")));
    never.add(add(Duration.ofSeconds(Long.MAX_VALUE), "never either"));
    add(Duration.ofDays(365L * 200), "in 200 years");
    add(Duration.ofDays(365L * 100), "in 100 years");
    add(SECOND.multipliedBy(10), "soon");
    add(Duration.ZERO, "now");

    settle();
    assertThat(ran).containsExactly("now");
    advance(SECOND.multipliedBy(10));
    assertThat(ran).containsExactly("now", "soon");
    advance(Duration.ofDays(365L * 100));
    assertThat(ran).containsExactly("now", "soon", "in 100 years");
    never.add(timer.schedule(Long.MAX_VALUE, () -> ran.add("never")));
    advance(Duration.ofDays(365L * 100));
    assertThat(ran).containsExactly("now", "soon", "in 100 years", "in 200 years");
    assertThat(timer.pending()).isEqualTo(3);
    assertThat(never).allMatch(Timer.Task::cancel);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void noTimeIsNow(long millis) throws Exception {
    timer.schedule(millis, () -> ran.add("millis"));
    timer.schedule(Duration.ofSeconds(millis), () -> ran.add("duration"));

    settle();

    assertThat(ran).containsExactly("millis", "duration");
  }

  @Test
  void taskMaySchedule() throws Exception {
    timer.schedule(SECOND, () -> add(SECOND, "second"));
    advance(SECOND);
    assertThat(ran).isEmpty();

    advance(SECOND);
    assertThat(ran).containsExactly("second");
  }

  // ---- cancel

  @Test
  void cancelKeepsATaskFromRunning() throws Exception {
    Timer.Task task = add(SECOND, "cancelled");
    add(SECOND, "other");
    assertThat(task.isDone()).isFalse();
    assertThat(task.isCancelled()).isFalse();

    assertThat(task.cancel()).isTrue();
    assertThat(task.cancel()).isFalse();

    assertThat(task.isDone()).isTrue();
    assertThat(task.isCancelled()).isTrue();
    assertThat(timer.pending()).isEqualTo(1);
    advance(SECOND);
    assertThat(ran).containsExactly("other");
    assertThat(task.cancel()).isFalse();
  }

  @Test
  void cancelIsTooLateAfterTheRun() throws Exception {
    Timer.Task task = add(SECOND, "ran");
    advance(SECOND);

    assertThat(task.isDone()).isTrue();
    assertThat(task.cancel()).isFalse();
    assertThat(task.isCancelled()).isFalse();
    assertThat(ran).containsExactly("ran");
  }

  @Test
  void cancelIsTooLateDuringTheRun() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Timer.Task task =
        timer.schedule(
            Duration.ZERO,
            () -> {
              begun.countDown();
              await(end);
            });
    await(begun);

    assertThat(task.cancel()).isFalse();
    assertThat(task.isDone()).isFalse();
    end.countDown();
    settle();

    assertThat(task.isDone()).isTrue();
    assertThat(task.isCancelled()).isFalse();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void taskMayCancelAnotherThatIsDueToo() throws Exception {
    List<Timer.Task> later = new ArrayList<>();
    timer.schedule(SECOND, () -> ran.add("cancel: " + later.get(0).cancel()));
    later.add(add(SECOND, "later"));

    advance(SECOND);

    assertThat(ran).containsExactly("cancel: true");
  }

  @Test
  void pendingCountsWhatWaits() throws Exception {
    assertThat(timer.pending()).isZero();
    add(SECOND, "a");
    Timer.Task b = add(SECOND, "b");
    assertThat(timer.pending()).isEqualTo(2);
    b.cancel();
    assertThat(timer.pending()).isEqualTo(1);
    advance(SECOND);
    assertThat(timer.pending()).isZero();
  }

  // ---- errors

  @Test
  void whatATaskThrowsHurtsNoOther() throws Exception {
    List<Throwable> thrown =
        List.of(new IllegalStateException("a"), new StackOverflowError("b"), new Throwable("c"));
    for (Throwable each : thrown) {
      timer.schedule(SECOND, () -> TimerTest.<RuntimeException>sneakyThrow(each));
      add(SECOND, "after " + each.getMessage());
    }

    advance(SECOND);

    assertThat(ran).containsExactly("after a", "after b", "after c");
    assertThat(errors).containsExactlyElementsOf(thrown);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <X extends Throwable> void sneakyThrow(Throwable thrown) throws X {
    throw (X) thrown;
  }

  @Test
  void taskThatThrewIsDone() throws Exception {
    Timer.Task task =
        timer.schedule(
            SECOND,
            () -> {
              throw new IllegalStateException("on purpose");
            });
    advance(SECOND);

    assertThat(task.isDone()).isTrue();
    assertThat(task.cancel()).isFalse();
  }

  @Test
  void whoIsToldOfErrorsMayFailToo() throws Exception {
    Timer unlucky =
        new Timer(
            "unlucky-timer",
            Duration.ZERO,
            error -> {
              throw new IllegalStateException(error);
            });
    CompletableFuture<String> after = new CompletableFuture<>();
    unlucky.schedule(
        0,
        () -> {
          unlucky.schedule(0, () -> after.complete("ran"));
          throw new IllegalArgumentException("on purpose");
        });

    assertThat(after.get(20, TimeUnit.SECONDS)).isEqualTo("ran");
  }

  @Test
  void interruptionOfATaskIsNotLeftToTheNext() throws Exception {
    timer.schedule(SECOND, () -> Thread.currentThread().interrupt());
    timer.schedule(SECOND, () -> ran.add("interrupted: " + Thread.currentThread().isInterrupted()));

    advance(SECOND);

    assertThat(ran).containsExactly("interrupted: false");
  }

  @Test
  void interruptionOfTheThreadThatWaitsHurtsNothing() throws Exception {
    Thread thread = timer.call(Duration.ZERO, Thread::currentThread).get(20, TimeUnit.SECONDS);
    add(SECOND, "a");
    thread.interrupt();
    settle();
    assertThat(ran).isEmpty();

    advance(SECOND);

    assertThat(ran).containsExactly("a");
    assertThat(thread.isAlive()).isTrue();
    assertThat(errors).isEmpty();
  }

  @Test
  @SuppressWarnings("NullAway")
  void refusesNoTaskAtOnce() {
    Runnable none = null;
    Callable<String> noCall = null;
    assertThatNullPointerException().isThrownBy(() -> timer.schedule(1, none));
    assertThatNullPointerException().isThrownBy(() -> timer.schedule(SECOND, none));
    assertThatNullPointerException().isThrownBy(() -> timer.call(SECOND, noCall));
    assertThat(timer.pending()).isZero();
  }

  @Test
  void refusesNegativeIdleTime() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Timer("x", Duration.ofMillis(-1), errors::add))
        .withMessage("keepAlive must not be negative but was PT-0.001S");
  }

  // ---- call

  @Test
  void callGivesTheResult() throws Exception {
    CompletableFuture<String> result = timer.call(SECOND, () -> "result");
    settle();
    assertThat(result).isNotDone();

    advance(SECOND);

    assertThat(result).isCompletedWithValue("result");
  }

  @Test
  void callGivesWhatTheTaskThrows() throws Exception {
    IOException thrown = new IOException("on purpose");
    CompletableFuture<String> result =
        timer.call(
            SECOND,
            () -> {
              throw thrown;
            });

    advance(SECOND);

    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> result.get(20, TimeUnit.SECONDS))
        .withCause(thrown);
    assertThat(errors).isEmpty();
  }

  @Test
  void callThatIsCancelledIsNotMade() throws Exception {
    CompletableFuture<Boolean> result = timer.call(SECOND, () -> ran.add("called"));

    assertThat(result.cancel(false)).isTrue();

    assertThat(timer.pending()).isZero();
    advance(SECOND);
    assertThat(ran).isEmpty();
    assertThatExceptionOfType(CancellationException.class).isThrownBy(result::join);
  }
}
