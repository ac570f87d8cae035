package io.httpkit.timer;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The thread of a timer: when there is one, and what happens at the same moment as it ends. */
@Timeout(60)
class TimerThreadTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final AtomicLong clock = new AtomicLong();
  private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
  private final Timer timer = new Timer("test-timer", MINUTE, errors::add, clock::get);

  @AfterEach
  void nothingIsLeft() {
    advance(MINUTE);
    assertThat(errors).isEmpty();
    assertThat(timer.pending()).isZero();
  }

  private static Thread threadOf(Timer timer) throws Exception {
    return timer.call(Duration.ZERO, Thread::currentThread).get(20, TimeUnit.SECONDS);
  }

  private void advance(Duration by) {
    clock.addAndGet(by.toNanos());
    timer.lookAgain();
  }

  private static void awaitState(Thread thread, Thread.State state) {
    while (thread.getState() != state) {
      assertThat(Thread.interrupted()).as("interrupted by the time-out").isFalse();
      Thread.onSpinWait();
    }
  }

  private static boolean isThereOneNamed(String name) {
    return Thread.getAllStackTraces().keySet().stream().anyMatch(t -> t.getName().equals(name));
  }

  // ---- on demand

  @Test
  void defaultTimerHasADaemonWithAName() throws Exception {
    Thread thread = threadOf(Timer.DEFAULT);

    assertThat(thread.getName()).isEqualTo("http-kit-timer");
    assertThat(thread.isDaemon()).isTrue();
    assertThat(threadOf(Timer.DEFAULT)).isSameAs(thread);
  }

  @Test
  void threadIsMadeWithTheFirstTask() throws Exception {
    Timer unused = new Timer("unused-timer");
    assertThat(unused.pending()).isZero();
    assertThat(isThereOneNamed("unused-timer")).isFalse();

    assertThat(threadOf(unused).getName()).isEqualTo("unused-timer");
  }

  @Test
  void workThatIsDoneAlreadyNeedsNoThread() {
    Timer unused = new Timer("unused-timer-2");
    var result =
        unused.withTimeout(MINUTE, () -> "late", CompletableFuture.completedFuture("work"));

    assertThat(result).isCompletedWithValue("work");
    assertThat(isThereOneNamed("unused-timer-2")).isFalse();
  }

  @Test
  void threadHasNothingOfTheOneThatMadeIt() throws Exception {
    InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
    CompletableFuture<String> seen = new CompletableFuture<>();
    CompletableFuture<Thread> made = new CompletableFuture<>();
    Thread maker =
        new Thread(
            () -> {
              local.set("secret");
              Thread.currentThread().setContextClassLoader(null);
              timer.schedule(
                  0,
                  () -> {
                    made.complete(Thread.currentThread());
                    seen.complete(String.valueOf(local.get()));
                  });
            });
    maker.start();

    assertThat(seen.get(20, TimeUnit.SECONDS)).isEqualTo("null");
    Thread thread = made.get(20, TimeUnit.SECONDS);
    assertThat(thread.getContextClassLoader()).isSameAs(Timer.class.getClassLoader());
  }

  @Test
  void threadEndsWhenIdleAndComesBack() throws Exception {
    Thread first = threadOf(timer);
    awaitState(first, Thread.State.TIMED_WAITING);
    advance(MINUTE.minusNanos(1));
    assertThat(threadOf(timer)).isSameAs(first);

    awaitState(first, Thread.State.TIMED_WAITING);
    advance(MINUTE);
    first.join();

    Thread second = threadOf(timer);
    assertThat(second).isNotSameAs(first);
    assertThat(second.isAlive()).isTrue();
    assertThat(second.getName()).isEqualTo("test-timer");
  }

  @Test
  void threadStaysWhileATaskWaits() throws Exception {
    Thread thread = threadOf(timer);
    CompletableFuture<Thread> far = timer.call(MINUTE.multipliedBy(10), Thread::currentThread);
    for (int i = 0; i < 9; i++) {
      advance(MINUTE);
      assertThat(threadOf(timer)).isSameAs(thread);
    }

    advance(MINUTE);

    assertThat(far.get(20, TimeUnit.SECONDS)).isSameAs(thread);
  }

  /** Even though the thread had been going to wait for longer. */
  @Test
  void threadEndsWhenTheOnlyTaskWasCancelled() throws Exception {
    Timer real = new Timer("real-timer", Duration.ofMillis(1), errors::add);
    Timer.Task far = real.schedule(Duration.ofDays(1), () -> {});
    Thread thread = threadOf(real);
    awaitState(thread, Thread.State.TIMED_WAITING);

    far.cancel();

    thread.join();
    assertThat(real.pending()).isZero();
  }

  @Test
  void idleTimeCountsFromTheLastTaskThatWaited() throws Exception {
    Thread thread = threadOf(timer);
    Timer.Task far = timer.schedule(Duration.ofDays(1), () -> {});
    advance(MINUTE.multipliedBy(10));
    far.cancel();
    advance(MINUTE.minusNanos(1));
    assertThat(threadOf(timer)).isSameAs(thread);

    awaitState(thread, Thread.State.TIMED_WAITING);
    advance(MINUTE);

    thread.join();
  }

  /** With the clock of the machine. */
  @Test
  void earlierTaskWakesTheThread() throws Exception {
    Timer real = new Timer("real-timer", Duration.ofMillis(1), errors::add);
    Timer.Task far = real.schedule(Duration.ofDays(1), () -> {});
    Thread thread = threadOf(real);
    CountDownLatch ran = new CountDownLatch(2);
    awaitState(thread, Thread.State.TIMED_WAITING);
    real.schedule(2, ran::countDown);
    real.schedule(1, ran::countDown);

    assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(far.cancel()).isTrue();
    thread.join();
  }

  @Test
  void nothingRunsBeforeItsTime() throws Exception {
    Timer real = new Timer("real-timer", Duration.ZERO, errors::add);
    for (int i = 0; i < 20; i++) {
      long begin = System.nanoTime();
      long end = real.call(Duration.ofMillis(i % 5), System::nanoTime).get(20, TimeUnit.SECONDS);
      assertThat(end - begin).isGreaterThanOrEqualTo(Duration.ofMillis(i % 5).toNanos());
    }
  }

  // ---- at the same moment

  /** Calls the action with each number, from several threads. */
  private static void inParallel(int threads, int count, IntConsumer action) throws Exception {
    AtomicInteger next = new AtomicInteger();
    CompletableFuture<?>[] all = new CompletableFuture<?>[threads];
    for (int t = 0; t < threads; t++) {
      all[t] =
          CompletableFuture.runAsync(
              () -> {
                for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                  action.accept(i);
                }
              },
              task -> new Thread(task).start());
    }
    CompletableFuture.allOf(all).get(50, TimeUnit.SECONDS);
  }

  private static void spin(int times) {
    for (int i = 0; i < times; i++) {
      Thread.onSpinWait();
    }
  }

  /** The thread ends as soon as nothing waits. */
  @Test
  void taskThatComesAsTheThreadEndsRuns() throws Exception {
    int count = 10_000;
    Timer restless = new Timer("restless-timer", Duration.ZERO, errors::add);
    inParallel(
        2,
        count,
        i -> {
          CountDownLatch ran = new CountDownLatch(1);
          restless.schedule(0, ran::countDown);
          await(ran);
          spin(i % 64);
        });

    assertThat(restless.pending()).isZero();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void taskRunsExactlyIfCancelWasTooLate() throws Exception {
    int count = 50_000;
    Timer real = new Timer("race-timer", Duration.ofMillis(1), errors::add);
    AtomicIntegerArray ran = new AtomicIntegerArray(count);
    AtomicIntegerArray cancelled = new AtomicIntegerArray(count);
    inParallel(
        2,
        count,
        i -> {
          Timer.Task task =
              real.schedule(Duration.ofNanos(i % 50 * 500L), () -> ran.incrementAndGet(i));
          spin(i % 200);
          cancelled.set(i, (task.cancel() ? 1 : 0) + (task.cancel() ? 1 : 0));
        });
    threadOf(real);

    for (int i = 0; i < count; i++) {
      assertThat(ran.get(i) + cancelled.get(i)).as("task %s", i).isEqualTo(1);
    }
    assertThat(real.pending()).isZero();
  }

  @Test
  void exactlyOneOfManyCancelsIsTrue() throws Exception {
    int count = 10_000;
    Timer.Task[] tasks = new Timer.Task[count];
    for (int i = 0; i < count; i++) {
      tasks[i] = timer.schedule(MINUTE, () -> {});
    }
    AtomicInteger won = new AtomicInteger();
    inParallel(
        4,
        4 * count,
        i -> {
          if (tasks[i / 4].cancel()) {
            won.incrementAndGet();
          }
        });

    assertThat(won).hasValue(count);
  }

  // ---- memory

  /** What they hold is 8 GiB in all. */
  @Test
  void millionOfCancelledTasksHoldsNothing() {
    Timer real = new Timer("busy-timer", MINUTE, errors::add);
    int cancelled = 0;
    for (int i = 0; i < 1_000_000; i++) {
      byte[] held = new byte[8 * 1024];
      Timer.Task task = real.schedule(30_000 + i % 1_000, () -> held[0]++);
      cancelled += task.cancel() ? 1 : 0;
    }

    assertThat(cancelled).isEqualTo(1_000_000);
    assertThat(real.pending()).isZero();
  }

  @Test
  void millionOfTasksIsCancelledInAnyOrder() {
    int count = 1_000_000;
    Timer.Task[] tasks = new Timer.Task[count];
    for (int i = 0; i < count; i++) {
      tasks[i] = timer.schedule(MINUTE.plusNanos(i * 7_919L % count), () -> {});
    }
    assertThat(timer.pending()).isEqualTo(count);
    for (int i = 0; i < count; i++) {
      tasks[(int) (i * 104_729L % count)].cancel();
    }

    assertThat(timer.pending()).isZero();
  }

  @Test
  void taskThatIsOverHoldsNothing() throws Exception {
    List<Timer.Task> tasks = new ArrayList<>();
    WeakReference<Object> heldByCancelled = schedule(MINUTE, tasks);
    WeakReference<Object> heldByRun = schedule(Duration.ZERO, tasks);
    threadOf(timer);
    tasks.get(0).cancel();

    awaitCollected(heldByCancelled);
    awaitCollected(heldByRun);

    assertThat(tasks).allMatch(Timer.Task::isDone);
  }

  private WeakReference<Object> schedule(Duration delay, List<Timer.Task> tasks) {
    Object held = new Object();
    tasks.add(timer.schedule(delay, () -> assertThat(held).isNotNull()));
    return new WeakReference<>(held);
  }

  private static void awaitCollected(WeakReference<Object> reference) {
    for (int i = 0; i < 50 && !reference.refersTo(null); i++) {
      System.gc();
    }
    assertThat(reference.refersTo(null)).isTrue();
  }
}
