package io.httpkit.internal.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InboxTest {
  private final List<String> ran = new ArrayList<>();

  /** What an executor was given and has not run. */
  private final ArrayDeque<Runnable> given = new ArrayDeque<>();

  private final Inbox inbox = new Inbox(given::add);

  private Runnable task(String name) {
    return () -> ran.add(name);
  }

  private void runGiven() {
    for (Runnable next = given.poll(); next != null; next = given.poll()) {
      next.run();
    }
  }

  private static Inbox refusing() {
    return new Inbox(
        task -> {
          throw new RejectedExecutionException("full");
        });
  }

  // ---- the beginning

  @Test
  void runsNothingBeforeItBegins() {
    assertThat(inbox.add(task("a"), 1)).isTrue();
    inbox.addLast(task("b"));
    assertThat(given).isEmpty();

    assertThat(inbox.begin(task("first"), false)).isTrue();

    assertThat(ran).isEmpty();
    runGiven();
    assertThat(ran).containsExactly("first", "a", "b");
  }

  @Test
  void beginsHere() {
    inbox.add(task("a"), 1);

    assertThat(inbox.begin(task("first"), true)).isTrue();

    assertThat(ran).containsExactly("first", "a");
    assertThat(given).isEmpty();
  }

  @Test
  void refusedBeginningDoesNotLoseWhatMustRun() {
    Inbox refusing = refusing();
    refusing.addLast(task("last"));

    assertThat(refusing.begin(task("first"), false)).isFalse();

    assertThat(ran).containsExactly("last");
  }

  // ---- order

  @Test
  void takesTheExecutorOnceForAllThatWaits() {
    inbox.begin(task("first"), true);
    inbox.add(task("a"), 1);
    inbox.add(task("b"), 1);
    inbox.add(task("c"), 1);
    assertThat(given).hasSize(1);

    runGiven();

    assertThat(ran).containsExactly("first", "a", "b", "c");
    inbox.add(task("d"), 1);
    assertThat(given).hasSize(1);
  }

  @Test
  void executorThatRunsAtOnceDoesNotRecur() {
    Inbox inline = new Inbox(Runnable::run);
    inline.begin(() -> {}, true);
    AtomicInteger depth = new AtomicInteger();
    AtomicInteger count = new AtomicInteger();
    Runnable task =
        new Runnable() {
          @Override
          public void run() {
            assertThat(depth.incrementAndGet()).isEqualTo(1);
            if (count.incrementAndGet() < 100_000) {
              inline.add(this, 0);
            }
            depth.decrementAndGet();
          }
        };

    inline.add(task, 0);

    assertThat(count).hasValue(100_000);
  }

  @Test
  void runsInOrderAndNeverTwoAtOnce() throws Exception {
    int threads = 8;
    int each = 5_000;
    ExecutorService pool = Executors.newFixedThreadPool(4);
    ExecutorService adders = Executors.newFixedThreadPool(threads);
    try {
      Inbox busy = new Inbox(pool);
      int[] last = new int[threads];
      AtomicInteger inside = new AtomicInteger();
      AtomicInteger faults = new AtomicInteger();
      CountDownLatch done = new CountDownLatch(threads * each);
      for (int t = 0; t < threads; t++) {
        int thread = t;
        adders.execute(
            () -> {
              for (int i = 1; i <= each; i++) {
                int number = i;
                busy.add(
                    () -> {
                      boolean alone = inside.incrementAndGet() == 1;
                      boolean inOrder = last[thread] == number - 1;
                      last[thread] = number;
                      faults.addAndGet(alone && inOrder ? 0 : 1);
                      inside.decrementAndGet();
                      done.countDown();
                    },
                    1);
              }
            });
      }
      busy.begin(() -> {}, false);
      assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(faults).hasValue(0);
    } finally {
      adders.shutdownNow();
      pool.shutdownNow();
    }
  }

  // ---- rejection

  @Test
  void saysThatNothingIsTaken() {
    Inbox refusing = refusing();
    refusing.begin(task("first"), true);

    assertThat(refusing.add(task("a"), 1)).isFalse();
    assertThat(refusing.add(task("b"), 1)).isFalse();
    refusing.addLast(task("last"));

    assertThat(ran).containsExactly("first", "last");
  }

  @Test
  void whatCameWhileAnotherWasRefusedIsRun() {
    List<Inbox> self = new ArrayList<>();
    Inbox refusing =
        new Inbox(
            task -> {
              assertThat(self.get(0).add(task("meanwhile"), 1)).isTrue();
              throw new RejectedExecutionException("full");
            });
    self.add(refusing);
    refusing.begin(() -> {}, true);

    assertThat(refusing.add(task("refused"), 1)).isFalse();

    assertThat(ran).containsExactly("meanwhile");
  }

  // ---- fullness

  @Test
  void isFullOfTasks() {
    inbox.begin(() -> {}, true);
    inbox.add(task("running"), 0);
    for (int i = 0; i < 255; i++) {
      inbox.add(task("a"), 0);
    }
    assertThat(inbox.isFull(task("room"))).isFalse();
    inbox.add(task("a"), 0);
    assertThat(inbox.isFull(task("room"))).isTrue();
    assertThat(ran).isEmpty();

    runGiven();

    assertThat(ran).hasSize(258).endsWith("a", "room");
    assertThat(inbox.isFull(task("more"))).isFalse();
    inbox.add(task("b"), 0);
    runGiven();
    assertThat(ran).endsWith("room", "b");
  }

  @Test
  void isFullOfBytes() {
    inbox.begin(() -> {}, true);
    inbox.add(task("running"), 1_000_000);
    assertThat(inbox.isFull(task("room"))).as("while nothing waits").isFalse();
    inbox.add(task("a"), 64 * 1024 - 1);
    assertThat(inbox.isFull(task("room"))).isFalse();
    inbox.add(task("b"), 1);
    assertThat(inbox.isFull(task("room"))).isTrue();

    runGiven();

    assertThat(ran).containsExactly("running", "a", "b", "room");
    inbox.add(task("c"), 64 * 1024 - 1);
    inbox.add(task("d"), 64 * 1024 - 1);
    assertThat(inbox.isFull(task("room"))).as("counted anew").isFalse();
  }
}
