package io.httpkit.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.loop.FakeTicker;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threads are woken sparingly, but no task waits for a handler that is slow. */
class PlatformWorkersTest {
  private static final int THREADS = 4;
  private static final long RECHECK_NANOS = 1_000_000;
  private static final Duration SOON = Duration.ofSeconds(20);

  private final PlatformWorkers workers = new PlatformWorkers(THREADS, 2, "test-worker-");
  private final CountDownLatch end = new CountDownLatch(1);

  @AfterEach
  void endWorkers() throws InterruptedException {
    end.countDown();
    workers.shutdown();
    assertThat(workers.await(SOON)).isTrue();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Gives the executor so many tasks that do not end, and tells when each has begun. */
  private CountDownLatch block(Executor executor, int count) {
    CountDownLatch begun = new CountDownLatch(count);
    for (int i = 0; i < count; i++) {
      executor.execute(
          () -> {
            begun.countDown();
            await(end);
          });
    }
    return begun;
  }

  @Test
  void runsAsManyAsThereAreThreadsAndKeepsAsManyAsAllowed() {
    await(block(workers, THREADS));
    CountDownLatch waiting = block(workers, 2);

    assertThat(workers.threads()).isEqualTo(THREADS);
    assertThat(workers.busy()).isEqualTo(THREADS);
    assertThat(workers.queued()).isEqualTo(2);
    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> workers.execute(() -> {}));
    end.countDown();
    await(waiting);
  }

  @Test
  void taskThatThrowsCostsNoThread() {
    for (int i = 0; i < 3 * THREADS; i++) {
      CountDownLatch ran = new CountDownLatch(1);
      workers.execute(
          () -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> ran.countDown());
            throw new IllegalStateException("on purpose");
          });
      await(ran);
    }

    await(block(workers, THREADS));
  }

  @Test
  void interruptionOfATaskIsNotLeftToTheNext() {
    CountDownLatch clean = new CountDownLatch(10);
    for (int i = 0; i < 10; i++) {
      CountDownLatch ran = new CountDownLatch(1);
      workers.execute(
          () -> {
            if (!Thread.currentThread().isInterrupted()) {
              clean.countDown();
            }
            Thread.currentThread().interrupt();
            ran.countDown();
          });
      await(ran);
    }

    await(clean);
  }

  @Test
  void slowTasksBehindManyShortOnesAllBeginAfterRechecks() throws Exception {
    FakeTicker ticker = new FakeTicker(0);
    EventLoop loop = new EventLoop(ticker, TimeUnit.HOURS.toNanos(1), thrown -> {});
    loop.runOnce();
    Executor gathering = workers.forLoop(loop);
    for (int i = 0; i < 200; i++) {
      CountDownLatch ran = new CountDownLatch(1);
      gathering.execute(ran::countDown);
      loop.runOnce();
      await(ran);
    }

    CountDownLatch begun = block(gathering, THREADS);
    loop.runOnce();
    for (int i = 0; i < THREADS; i++) {
      ticker.advance(RECHECK_NANOS);
      loop.runOnce();
    }

    await(begun);
    loop.close();
    loop.runOnce();
  }

  @Test
  void interruptEndsWhatWaitsForEver() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    workers.execute(
        () -> {
          begun.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
        });
    await(begun);
    workers.shutdown();
    assertThat(workers.await(Duration.ofMillis(1))).isFalse();

    assertThat(workers.interrupt()).isEmpty();

    await(interrupted);
  }

  @Test
  void interruptReturnsWhatWaits() throws InterruptedException {
    await(block(workers, THREADS));
    Runnable waiting = () -> {};
    workers.execute(waiting);
    workers.shutdown();

    assertThat(workers.interrupt()).containsExactly(waiting);
    assertThat(workers.interrupt()).isEmpty();
  }

  @Test
  void takesNothingOnceItIsShutDown() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    workers.execute(done::countDown);
    workers.shutdown();
    await(done);

    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> workers.execute(() -> {}))
        .withMessageContaining("shut down");
    assertThat(workers.await(SOON)).isTrue();
    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> workers.execute(() -> {}));
  }
}
