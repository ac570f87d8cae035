package io.httpkit.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class EventLoopGroupTest {
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
  private final EventLoopGroup group =
      new EventLoopGroup(3, "loop-", Ticker.SYSTEM, HOUR, errors::add);
  private boolean started;

  EventLoopGroupTest() throws IOException {}

  private void start() {
    started = true;
    group.start();
  }

  @AfterEach
  void close() throws InterruptedException {
    group.close();
    if (!started) {
      group.loops().forEach(EventLoop::runOnce);
    }
    group.join();
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
    single.loops().get(0).runOnce();
  }

  @Test
  void eachLoopHasAThreadOfItsOwnWithAName() throws InterruptedException {
    Map<String, Boolean> daemons = new ConcurrentHashMap<>();
    CountDownLatch ran = new CountDownLatch(3);
    start();
    for (EventLoop loop : group.loops()) {
      loop.execute(
          () -> {
            Thread thread = Thread.currentThread();
            daemons.put(thread.getName(), thread.isDaemon());
            ran.countDown();
          });
    }

    assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(daemons).isEqualTo(Map.of("loop-1", false, "loop-2", false, "loop-3", false));
    assertThat(errors).isEmpty();
  }

  @Test
  void closeEndsAllThreads() throws InterruptedException {
    Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    start();
    group.loops().forEach(loop -> loop.execute(() -> threads.add(Thread.currentThread())));

    group.close();
    group.close();
    group.join();

    assertThat(threads).hasSize(3).noneMatch(Thread::isAlive);
  }
}
