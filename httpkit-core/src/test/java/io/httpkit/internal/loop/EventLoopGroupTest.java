package io.httpkit.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class EventLoopGroupTest {
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);
  private static final long TICK = 1_000;

  private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
  private final EventLoopGroup group =
      new EventLoopGroup(3, "loop-", Ticker.SYSTEM, HOUR, errors::add);
  private boolean started;

  EventLoopGroupTest() throws IOException {}

  private void start() {
    started = true;
    group.start(false);
  }

  @AfterEach
  void close() throws InterruptedException {
    group.close();
    if (!started) {
      runOnce(group);
    }
    group.join();
  }

  private static void runOnce(EventLoopGroup some) {
    some.clock().runOnce();
    some.loops().forEach(EventLoop::runOnce);
  }

  private int loadOf(int loop) {
    return group.loops().get(loop).load().get();
  }

  @Test
  void dealsEvenly() {
    List<EventLoop> dealt = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      dealt.add(group.next());
    }

    assertThat(dealt.subList(0, 3)).containsExactlyInAnyOrderElementsOf(group.loops());
    assertThat(dealt.subList(3, 6)).isEqualTo(dealt.subList(0, 3));
    assertThat(dealt.subList(6, 9)).isEqualTo(dealt.subList(0, 3));
    assertThat(List.of(loadOf(0), loadOf(1), loadOf(2))).containsExactly(3, 3, 3);
    assertThat(group.load()).isEqualTo(9);
  }

  @Test
  void dealsToTheLoopThatHasTheFewest() {
    for (int i = 0; i < 9; i++) {
      group.next();
    }
    EventLoop quiet = group.loops().get(1);
    quiet.load().addAndGet(-2);

    assertThat(group.next()).isSameAs(quiet);
    assertThat(group.next()).isSameAs(quiet);
    group.next();
    group.next();
    group.next();
    assertThat(List.of(loadOf(0), loadOf(1), loadOf(2))).containsExactly(4, 4, 4);
  }

  @Test
  void singleLoopGetsAll() throws IOException {
    EventLoopGroup single = new EventLoopGroup(1, "single-", Ticker.SYSTEM, HOUR, errors::add);
    for (int i = 0; i < 3; i++) {
      assertThat(single.next()).isSameAs(single.loops().get(0));
    }

    assertThat(single.load()).isEqualTo(3);
    single.close();
    runOnce(single);
  }

  @Test
  void eachLoopHasAThreadOfItsOwnWithAName() throws InterruptedException {
    Map<String, Boolean> daemons = new ConcurrentHashMap<>();
    CountDownLatch ran = new CountDownLatch(4);
    start();
    Runnable tell =
        () -> {
          Thread thread = Thread.currentThread();
          daemons.put(thread.getName(), thread.isDaemon());
          ran.countDown();
        };
    group.loops().forEach(loop -> loop.execute(tell));
    group.clock().execute(tell);

    assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(daemons)
        .isEqualTo(Map.of("loop-1", false, "loop-2", false, "loop-3", false, "loop-clock", true));
    assertThat(errors).isEmpty();
  }

  @Test
  void closeEndsAllThreads() throws InterruptedException {
    Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    start();
    group.loops().forEach(loop -> loop.execute(() -> threads.add(Thread.currentThread())));
    group.clock().execute(() -> threads.add(Thread.currentThread()));

    group.close();
    group.close();
    group.join();

    assertThat(threads).hasSize(4).noneMatch(Thread::isAlive);
  }

  // ---- the clock

  /** Counts the ticks of the loop it is in. */
  private static class Ticked extends Registration implements AutoCloseable {
    private final Pipe pipe = Pipe.open();
    private final AtomicInteger count = new AtomicInteger();
    private final CountDownLatch thrice = new CountDownLatch(3);

    Ticked() throws IOException {
      pipe.source().configureBlocking(false);
    }

    void enter(EventLoop loop) {
      try {
        loop.register(pipe.source(), this);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    protected void onReadable() {}

    @Override
    protected void onTick(long nowNanos) {
      count.incrementAndGet();
      thrice.countDown();
    }

    @Override
    protected void onFailure(Throwable cause) {
      throw new AssertionError(cause);
    }

    @Override
    public void close() throws IOException {
      pipe.source().close();
      pipe.sink().close();
    }
  }

  private EventLoopGroup timed(FakeTicker ticker) throws IOException {
    return new EventLoopGroup(2, "timed-", ticker, TICK, errors::add);
  }

  @Test
  void clockHasEachLoopTick() throws IOException {
    FakeTicker ticker = new FakeTicker(Long.MAX_VALUE - TICK);
    EventLoopGroup timed = timed(ticker);
    try (Ticked one = new Ticked();
        Ticked two = new Ticked()) {
      one.enter(timed.loops().get(0));
      two.enter(timed.loops().get(1));
      ticker.advance(TICK - 1);
      runOnce(timed);
      assertThat(List.of(one.count.get(), two.count.get())).containsExactly(0, 0);

      ticker.advance(1);
      runOnce(timed);
      runOnce(timed);
      assertThat(List.of(one.count.get(), two.count.get())).containsExactly(1, 1);

      ticker.advance(TICK);
      runOnce(timed);
      assertThat(List.of(one.count.get(), two.count.get())).containsExactly(2, 2);
    }
    timed.close();
    runOnce(timed);
    assertThat(errors).isEmpty();
  }

  @Test
  void loopTicksAtTheClocksWordOnly() throws IOException {
    FakeTicker ticker = new FakeTicker(0);
    EventLoopGroup timed = timed(ticker);
    EventLoop loop = timed.loops().get(0);
    try (Ticked ticked = new Ticked()) {
      ticked.enter(loop);
      ticker.advance(10 * TICK);
      loop.runOnce();

      assertThat(ticked.count).hasValue(0);
    }
    timed.close();
    runOnce(timed);
  }

  @Test
  void ticksDoNotPileUpBehindABusyLoop() throws IOException {
    FakeTicker ticker = new FakeTicker(0);
    EventLoopGroup timed = timed(ticker);
    try (Ticked ticked = new Ticked()) {
      EventLoop busy = timed.loops().get(0);
      ticked.enter(busy);
      for (int i = 0; i < 5; i++) {
        ticker.advance(TICK);
        timed.clock().runOnce();
      }
      busy.runOnce();
      assertThat(ticked.count).hasValue(1);

      ticker.advance(TICK);
      runOnce(timed);
      assertThat(ticked.count).hasValue(2);
    }
    timed.close();
    runOnce(timed);
  }

  @Test
  void tickThatFailsDoesNotKeepTheNextFromComing() throws IOException {
    FakeTicker ticker = new FakeTicker(0);
    EventLoopGroup timed = timed(ticker);
    try (Ticked bad =
        new Ticked() {
          @Override
          protected void onTick(long nowNanos) {
            super.onTick(nowNanos);
            throw new IllegalStateException("on purpose");
          }
        }) {
      bad.enter(timed.loops().get(0));
      for (int i = 0; i < 2; i++) {
        ticker.advance(TICK);
        runOnce(timed);
      }

      assertThat(bad.count).hasValue(2);
      assertThat(errors).hasSize(2);
    }
    timed.close();
    runOnce(timed);
  }

  @Test
  void clockWakesALoopThatSleeps() throws Exception {
    EventLoopGroup real =
        new EventLoopGroup(
            1, "real-", Ticker.SYSTEM, TimeUnit.MILLISECONDS.toNanos(1), errors::add);
    real.start(false);
    try (Ticked ticked = new Ticked()) {
      EventLoop loop = real.loops().get(0);
      loop.execute(() -> ticked.enter(loop));

      assertThat(ticked.thrice.await(10, TimeUnit.SECONDS)).isTrue();
      real.close();
      real.join();
    }
    assertThat(errors).isEmpty();
  }
}
