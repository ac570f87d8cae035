package io.httpkit.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerQueueTest {
  private final TimerQueue timers = new TimerQueue();
  private final List<Long> ran = new ArrayList<>();

  private TimerQueue.Timer add(long deadlineNanos) {
    return timers.add(deadlineNanos, () -> ran.add(deadlineNanos));
  }

  private void runAll(long nowNanos) {
    while (timers.runOne(nowNanos)) {
      // until none is due
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -5_000, Long.MAX_VALUE - 5_000, Long.MIN_VALUE, Long.MAX_VALUE})
  void runsInOrderOfDeadlinesWhereverTheClockStands(long now) {
    List<Long> deadlines = new ArrayList<>();
    for (long delay = 0; delay < 10_000; delay += 100) {
      deadlines.add(now + delay);
    }
    deadlines.add(now + Long.MAX_VALUE / 2);
    List<Long> shuffled = new ArrayList<>(deadlines);
    Collections.shuffle(shuffled, new Random(20260101));
    shuffled.forEach(this::add);

    runAll(now + 5_000);
    assertThat(ran).isEqualTo(deadlines.subList(0, 51));
    runAll(now + 10_000);
    assertThat(ran).isEqualTo(deadlines.subList(0, 100));
    assertThat(timers.nanosUntilNext(now + 10_000)).isEqualTo(Long.MAX_VALUE / 2 - 10_000);
    runAll(now + Long.MAX_VALUE / 2);
    assertThat(ran).isEqualTo(deadlines);
  }

  @Test
  void knowsHowLongUntilTheEarliest() {
    assertThat(timers.nanosUntilNext(7)).isEqualTo(Long.MAX_VALUE);
    add(100);
    assertThat(timers.nanosUntilNext(7)).isEqualTo(93);
    add(50);
    assertThat(timers.nanosUntilNext(7)).isEqualTo(43);
    assertThat(timers.nanosUntilNext(50)).isZero();
    assertThat(timers.nanosUntilNext(60)).isZero();
  }

  @Test
  void runsNothingBeforeItsTime() {
    add(100);

    assertThat(timers.runOne(99)).isFalse();
    assertThat(timers.runOne(100)).isTrue();
    assertThat(timers.runOne(100)).isFalse();
    assertThat(ran).containsExactly(100L);
  }

  @Test
  void cancelledTaskDoesNotRun() {
    TimerQueue.Timer first = add(10);
    add(20);
    first.cancel();
    first.cancel();

    runAll(30);

    assertThat(ran).containsExactly(20L);
  }

  @Test
  void manyThatAreCancelledDoNotStayUntilTheirTime() {
    for (int round = 0; round < 3; round++) {
      List<TimerQueue.Timer> many = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        many.add(add(10 + i));
      }
      add(5000);
      many.forEach(TimerQueue.Timer::cancel);

      int looks = 0;
      while (timers.nanosUntilNext(0) < 5000) {
        timers.runOne(4999);
        looks++;
      }
      assertThat(looks).isLessThan(100);
      runAll(5000);
      assertThat(ran).containsExactly(5000L);
      ran.clear();
    }
  }

  @Test
  void taskThatThrowsIsGone() {
    timers.add(
        10,
        () -> {
          throw new IllegalStateException("boom");
        });
    add(10);

    boolean thrown = false;
    for (int i = 0; i < 2; i++) {
      try {
        assertThat(timers.runOne(10)).isTrue();
      } catch (IllegalStateException e) {
        thrown = true;
      }
    }

    assertThat(thrown).isTrue();
    assertThat(ran).containsExactly(10L);
    assertThat(timers.runOne(10)).isFalse();
  }
}
