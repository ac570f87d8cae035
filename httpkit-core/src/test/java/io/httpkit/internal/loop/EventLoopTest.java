package io.httpkit.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class EventLoopTest {
  private static final long TICK = 1_000;

  /** The clock overflows soon. */
  private final FakeTicker ticker = new FakeTicker(Long.MAX_VALUE - TICK - TICK / 2);

  private final List<Throwable> errors = new CopyOnWriteArrayList<>();
  private final List<String> seen = new ArrayList<>();
  private final List<Pipe> pipes = new ArrayList<>();
  private final EventLoop loop = new EventLoop(ticker, TICK, errors::add);

  EventLoopTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    loop.close();
    loop.runOnce();
    for (Pipe pipe : pipes) {
      pipe.sink().close();
      pipe.source().close();
    }
  }

  private Runnable see(String what) {
    return () -> seen.add(what);
  }

  private static void fail(String what) {
    throw new IllegalStateException(what);
  }

  // ---- tasks

  @Test
  void tasksRunInTheOrderInWhichTheyWereGiven() {
    loop.execute(see("a"));
    loop.execute(see("b"));
    assertThat(seen).isEmpty();

    loop.runOnce();

    assertThat(seen).containsExactly("a", "b");
  }

  @Test
  void taskThatThrowsDoesNotStopOthers() {
    Error error = new AssertionError("error");
    loop.execute(() -> fail("boom"));
    loop.execute(
        () -> {
          throw error;
        });
    loop.execute(see("after"));

    loop.runOnce();

    assertThat(seen).containsExactly("after");
    assertThat(errors).hasSize(2).contains(error);
    assertThat(errors.get(0)).hasMessage("boom");
  }

  @Test
  void loopThatHasEndedSaysThatItRunsNothing() {
    assertThat(loop.offer(see("in time"))).isTrue();
    loop.close();
    loop.runOnce();

    assertThat(loop.offer(see("late"))).isFalse();

    assertThat(seen).containsExactly("in time");
  }

  @Test
  void eachTurnEndsWithWhatComesAfterInput() {
    loop.afterInput(see("after input"));
    loop.execute(see("task"));

    loop.runOnce();

    assertThat(seen).containsExactly("after input", "task", "after input");
  }

  @Test
  void whatComesAfterInputMayThrow() {
    loop.afterInput(() -> fail("boom"));
    loop.execute(see("task"));

    loop.runOnce();

    assertThat(seen).containsExactly("task");
    assertThat(errors).hasSize(2);
  }

  @Test
  void tasksThatAddTasksDoNotKeepTheTurnFromEnding() {
    AtomicInteger count = new AtomicInteger();
    Runnable[] again = new Runnable[1];
    again[0] =
        () -> {
          count.incrementAndGet();
          loop.execute(again[0]);
        };
    loop.execute(again[0]);

    loop.runOnce();
    int once = count.get();
    loop.schedule(10, see("timer"));
    ticker.advance(10);
    loop.runOnce();

    assertThat(once).isPositive();
    assertThat(count).hasValue(2 * once);
    assertThat(seen).containsExactly("timer");
  }

  // ---- timers

  @Test
  void timersRunWhenTheyAreDueAndInOrder() {
    loop.runOnce();
    loop.schedule(30, see("30"));
    loop.schedule(10, see("10"));
    loop.schedule(20, see("20"));
    loop.schedule(Long.MAX_VALUE / 2, see("never"));

    ticker.advance(9);
    loop.runOnce();
    assertThat(seen).isEmpty();
    ticker.advance(1);
    loop.runOnce();
    assertThat(seen).containsExactly("10");
    ticker.advance(100);
    loop.runOnce();
    assertThat(seen).containsExactly("10", "20", "30");
    for (int i = 0; i < 10; i++) {
      ticker.advance(TICK);
      loop.runOnce();
    }
    assertThat(seen).doesNotContain("never");
  }

  @Test
  void timerIsCountedFromTheBeginningOfTheTurn() {
    loop.execute(
        () -> {
          ticker.advance(5);
          assertThat(loop.nanoTime() - loop.nowNanos()).isEqualTo(5);
          loop.schedule(10, see("10"));
        });
    loop.runOnce();
    ticker.advance(5);
    loop.runOnce();

    assertThat(errors).isEmpty();
    assertThat(seen).containsExactly("10");
  }

  @Test
  void cancelledTimerDoesNotRun() {
    loop.schedule(10, see("10")).cancel();
    TimerQueue.Timer kept = loop.schedule(10, see("kept"));
    ticker.advance(10);
    loop.runOnce();
    kept.cancel();
    loop.runOnce();

    assertThat(seen).containsExactly("kept");
  }

  @Test
  void timerThatThrowsDoesNotStopOthers() {
    loop.schedule(10, () -> fail("first"));
    loop.schedule(20, () -> fail("second"));
    loop.schedule(30, see("third"));
    loop.execute(see("task"));
    ticker.advance(30);

    loop.runOnce();

    assertThat(seen).containsExactly("third", "task");
    assertThat(errors).extracting(Throwable::getMessage).containsExactly("first", "second");
  }

  @Test
  void timerMaySetAnother() {
    loop.schedule(
        10,
        () -> {
          seen.add("first");
          loop.schedule(10, see("second"));
        });
    ticker.advance(10);
    loop.runOnce();
    assertThat(seen).containsExactly("first");
    ticker.advance(10);
    loop.runOnce();
    assertThat(seen).containsExactly("first", "second");
  }

  // ---- registrations

  /** Reads one end of a pipe, and does as it is told. */
  private class Probe extends Registration {
    private final String name;
    private final Pipe pipe;
    private @Nullable Runnable onReadable;
    private @Nullable Runnable onTick;
    private @Nullable Runnable onFailure;

    Probe(String name) throws IOException {
      this.name = name;
      this.pipe = Pipe.open();
      pipes.add(pipe);
      pipe.source().configureBlocking(false);
      loop.register(pipe.source(), this);
    }

    Probe wantsRead() {
      readInterest(true);
      return this;
    }

    void wantsNoRead() {
      readInterest(false);
    }

    void leaves() {
      deregister();
    }

    void send() throws IOException {
      pipe.sink().write(ByteBuffer.wrap(new byte[1]));
    }

    @Override
    protected void onReadable() throws IOException {
      pipe.source().read(ByteBuffer.allocate(100));
      seen.add(name);
      run(onReadable);
    }

    @Override
    protected void onTick(long nowNanos) {
      assertThat(nowNanos).isEqualTo(loop.nowNanos());
      seen.add(name + " tick");
      run(onTick);
    }

    @Override
    protected void onFailure(Throwable cause) {
      seen.add(name + " failed: " + cause.getMessage());
      close();
      run(onFailure);
    }

    void close() {
      leaves();
      try {
        pipe.source().close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void run(@Nullable Runnable action) {
      if (action != null) {
        action.run();
      }
    }
  }

  @Test
  void tellsOnlyWhatIsWanted() throws IOException {
    Probe probe = new Probe("a");
    probe.send();
    loop.runOnce();
    assertThat(seen).isEmpty();

    probe.wantsRead().wantsRead();
    loop.runOnce();
    assertThat(seen).containsExactly("a");

    probe.wantsNoRead();
    probe.send();
    loop.runOnce();
    assertThat(seen).containsExactly("a");

    probe.wantsRead();
    probe.leaves();
    loop.runOnce();
    probe.wantsRead();
    loop.runOnce();
    assertThat(seen).containsExactly("a");
  }

  @Test
  void registrationThatThrowsClosesOnlyItself() throws IOException {
    Probe bad = new Probe("bad").wantsRead();
    Probe good = new Probe("good").wantsRead();
    bad.onReadable = () -> fail("boom");
    bad.send();
    good.send();

    loop.runOnce();
    good.send();
    loop.runOnce();

    assertThat(seen).containsOnlyOnce("bad", "bad failed: boom").doesNotContain("good failed");
    assertThat(seen).filteredOn("good"::equals).hasSize(2);
    assertThat(bad.pipe.source().isOpen()).isFalse();
    assertThat(errors).isEmpty();
  }

  @Test
  void loopSurvivesARegistrationThatFailsToFail() throws IOException {
    Probe bad = new Probe("bad").wantsRead();
    Probe good = new Probe("good").wantsRead();
    bad.onReadable = () -> fail("boom");
    bad.onFailure = () -> fail("again");
    bad.send();
    good.send();

    loop.runOnce();
    loop.runOnce();

    assertThat(seen).contains("good");
    assertThat(errors).extracting(Throwable::getMessage).containsExactly("again");
  }

  @Test
  void registrationMayCloseAnotherThatIsReadyToo() throws IOException {
    Probe one = new Probe("one").wantsRead();
    Probe two = new Probe("two").wantsRead();
    one.onReadable = two::close;
    two.onReadable = one::close;
    one.send();
    two.send();

    loop.runOnce();
    loop.runOnce();

    assertThat(seen).hasSize(1);
    assertThat(errors).isEmpty();
  }

  @Test
  void registrationsAreAskedOnceInEachTick() throws IOException {
    Probe one = new Probe("one");
    Probe two = new Probe("two");
    loop.runOnce();
    assertThat(seen).isEmpty();

    ticker.advance(TICK);
    loop.runOnce();
    loop.runOnce();
    assertThat(seen).containsExactlyInAnyOrder("one tick", "two tick");

    one.leaves();
    ticker.advance(5 * TICK);
    loop.runOnce();
    assertThat(seen).containsOnlyOnce("one tick").filteredOn("two tick"::equals).hasSize(2);
    assertThat(two.pipe.source().isOpen()).isTrue();
  }

  @Test
  void tickThatThrowsClosesOnlyItsRegistration() throws IOException {
    Probe bad = new Probe("bad");
    Probe good = new Probe("good");
    bad.onTick = () -> fail("boom");

    for (int i = 0; i < 3; i++) {
      ticker.advance(TICK);
      loop.runOnce();
    }

    assertThat(seen).containsOnlyOnce("bad tick", "bad failed: boom");
    assertThat(seen).filteredOn("good tick"::equals).hasSize(3);
    assertThat(good.pipe.source().isOpen()).isTrue();
    assertThat(errors).isEmpty();
  }

  @Test
  void eachRegistrationIsVisitedWhileOthersComeAndGo() throws IOException {
    Probe one = new Probe("one");
    Probe two = new Probe("two");
    List<Registration> visited = new ArrayList<>();

    loop.forEach(
        registration -> {
          visited.add(registration);
          one.leaves();
          two.leaves();
        });

    assertThat(visited).hasSize(1);
  }

  // ---- threads

  @Test
  void onlyTheThreadOfTheLoopMayUseIt() throws InterruptedException {
    loop.assertInLoop();
    assertThat(loop.isInLoop()).isFalse();
    loop.runOnce();
    loop.assertInLoop();
    assertThat(loop.isInLoop()).isTrue();

    List<String> messages = new CopyOnWriteArrayList<>();
    Thread other =
        new Thread(
            () -> {
              assertThatIllegalStateException()
                  .isThrownBy(loop::assertInLoop)
                  .satisfies(e -> messages.add(e.getMessage()));
              assertThatIllegalStateException()
                  .isThrownBy(() -> loop.schedule(1, () -> {}))
                  .satisfies(e -> messages.add(e.getMessage()));
              messages.add("in loop: " + loop.isInLoop());
            },
            "intruder");
    other.start();
    other.join();

    String message = "only " + Thread.currentThread().getName() + " may do this, not intruder";
    assertThat(messages).containsExactly(message, message, "in loop: false");
  }

  @Test
  void taskOfAnotherThreadWakesALoopThatSleeps() throws Exception {
    EventLoop sleeper = new EventLoop(Ticker.SYSTEM, TimeUnit.HOURS.toNanos(1), errors::add);
    Thread thread = new Thread(sleeper::run, "sleeper");
    thread.start();
    for (int i = 0; i < 500; i++) {
      CountDownLatch ran = new CountDownLatch(1);
      sleeper.execute(ran::countDown);
      assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
    }

    sleeper.close();
    thread.join(10_000);

    assertThat(thread.isAlive()).isFalse();
    assertThat(errors).isEmpty();
  }

  @Test
  void earlierTimerIsNotHeldUpByALaterOne() throws Exception {
    EventLoop sleeper = new EventLoop(Ticker.SYSTEM, TimeUnit.HOURS.toNanos(1), errors::add);
    Thread thread = new Thread(sleeper::run, "sleeper");
    thread.start();
    CountDownLatch ran = new CountDownLatch(1);
    sleeper.execute(() -> sleeper.schedule(TimeUnit.MINUTES.toNanos(30), () -> {}));
    sleeper.execute(() -> sleeper.schedule(TimeUnit.MILLISECONDS.toNanos(1), ran::countDown));

    assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();

    sleeper.close();
    thread.join(10_000);
    assertThat(thread.isAlive()).isFalse();
  }

  @Test
  void loopWithoutTimersSleepsUntilItIsWoken() throws Exception {
    EventLoop sleeper = new EventLoop(Ticker.SYSTEM, errors::add);
    Thread thread = new Thread(sleeper::run, "sleeper");
    thread.start();
    for (int i = 0; i < 500; i++) {
      CountDownLatch ran = new CountDownLatch(2);
      sleeper.execute(ran::countDown);
      sleeper.execute(() -> sleeper.schedule(1, ran::countDown));
      assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
    }

    sleeper.close();
    thread.join(10_000);

    assertThat(thread.isAlive()).isFalse();
    assertThat(errors).isEmpty();
  }

  @Test
  void tasksOfManyThreadsAllRunInTheOrderOfEach() throws Exception {
    int threads = 4;
    int each = 5_000;
    EventLoop busy = new EventLoop(Ticker.SYSTEM, TimeUnit.HOURS.toNanos(1), errors::add);
    Thread thread = new Thread(busy::run, "busy");
    thread.start();
    int[] next = new int[threads];
    CountDownLatch ran = new CountDownLatch(threads * each);
    List<Thread> givers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int giver = i;
      givers.add(
          new Thread(
              () -> {
                for (int n = 0; n < each; n++) {
                  int number = n;
                  busy.execute(
                      () -> {
                        if (next[giver]++ == number) {
                          ran.countDown();
                        }
                      });
                }
              }));
    }
    givers.forEach(Thread::start);

    assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();

    busy.close();
    thread.join(10_000);
    assertThat(thread.isAlive()).isFalse();
  }

  // ---- the end

  @Test
  void whatWasGivenBeforeTheEndStillRuns() {
    loop.execute(see("before"));
    loop.close();
    loop.execute(see("behind"));

    loop.runOnce();
    loop.execute(see("late"));
    loop.close();

    assertThat(seen).containsExactly("before", "behind");
    assertThat(errors).isEmpty();
  }

  @Test
  void endLeavesChannelsToTheirOwners() throws IOException {
    Probe probe = new Probe("a").wantsRead();
    loop.close();
    loop.runOnce();

    SelectableChannel channel = probe.pipe.source();
    assertThat(channel.isOpen()).isTrue();
    assertThat(channel.isRegistered()).isFalse();
    probe.wantsRead();
    probe.leaves();
  }

  @Test
  void survivesWhoIsToldOfFaults() throws Exception {
    FakeTicker time = new FakeTicker(0);
    EventLoop told =
        new EventLoop(
            time,
            TimeUnit.HOURS.toNanos(1),
            thrown -> {
              throw new NoClassDefFoundError("on purpose");
            });
    AtomicInteger ran = new AtomicInteger();
    told.execute(
        () -> {
          throw new IllegalStateException("on purpose");
        });
    told.execute(ran::incrementAndGet);

    told.runOnce();

    assertThat(ran).hasValue(1);
    told.close();
    told.runOnce();
  }
}
