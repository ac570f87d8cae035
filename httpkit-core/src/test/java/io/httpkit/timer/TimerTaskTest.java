package io.httpkit.timer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerTaskTest {
  private final TimerRunner runner =
      new TimerRunner("unused", Duration.ofMinutes(1).toNanos(), () -> 0, error -> {});
  private final TreeSet<TimerTask> waiting = new TreeSet<>();
  private long sequence;

  private TimerTask add(long deadlineNanos) {
    TimerTask task = runner.task(deadlineNanos, () -> {});
    task.setSequence(++sequence);
    assertThat(waiting.add(task)).isTrue();
    return task;
  }

  private @Nullable TimerTask first() {
    return waiting.isEmpty() ? null : waiting.first();
  }

  private List<Long> drain() {
    List<Long> deadlines = new ArrayList<>();
    for (TimerTask first = first(); first != null; first = first()) {
      deadlines.add(first.deadlineNanos());
      waiting.remove(first);
    }
    return deadlines;
  }

  @Test
  void nothingWaitsAtFirst() {
    assertThat(runner.pending()).isZero();
    assertThat(first()).isNull();
    assertThat(waiting.size()).isZero();
  }

  @Test
  void givesTasksInOrder() {
    List<Long> deadlines = new ArrayList<>(List.of(Long.MAX_VALUE, Long.MAX_VALUE - 1, 0L));
    for (long i = 1; i < 500; i++) {
      deadlines.add(i * i);
    }
    Collections.shuffle(deadlines, new Random(1));
    deadlines.forEach(this::add);
    Collections.sort(deadlines);

    assertThat(drain()).isEqualTo(deadlines);
  }

  @Test
  void tasksOfOneTimeStayInTheOrderInWhichTheyWereAdded() {
    List<TimerTask> added = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      added.add(add(7));
    }

    for (TimerTask expected : added) {
      assertThat(first()).isSameAs(expected);
      waiting.remove(expected);
    }
  }

  @Test
  void removesATaskOnceWhereverItIs() {
    TimerTask[] tasks = new TimerTask[50];
    for (int i = 0; i < tasks.length; i++) {
      tasks[i] = add(i);
    }
    List<Long> left = new ArrayList<>();
    for (int i = 0; i < tasks.length; i++) {
      if (i % 3 == 0) {
        assertThat(waiting.remove(tasks[i])).isTrue();
        assertThat(waiting.remove(tasks[i])).isFalse();
      } else {
        left.add((long) i);
      }
    }

    assertThat(waiting.size()).isEqualTo(left.size());
    assertThat(drain()).isEqualTo(left);
  }

  @Test
  void taskThatWasNeverAddedIsNotRemoved() {
    add(1);
    assertThat(waiting.remove(runner.task(1, () -> {}))).isFalse();

    assertThat(waiting.size()).isEqualTo(1);
  }

  /** The same steps on tasks in their own order and in that of a model give the same first. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void isOrderedByTimeAndThenAsAdded(long seed) {
    Random random = new Random(seed);
    Map<TimerTask, Integer> order = new HashMap<>();
    TreeSet<TimerTask> model =
        new TreeSet<>(
            Comparator.comparingLong(TimerTask::deadlineNanos)
                .thenComparing(Comparator.comparing(order::get)));
    List<TimerTask> present = new ArrayList<>();

    for (int step = 0; step < 20_000; step++) {
      boolean grows = step % 4_000 < 2_000;
      int choice = random.nextInt(10);
      if (choice < (grows ? 6 : 3)) {
        TimerTask task = runner.task(random.nextInt(500), () -> {});
        order.put(task, step);
        task.setSequence(++sequence);
        waiting.add(task);
        model.add(task);
        present.add(task);
      } else if (!present.isEmpty()) {
        TimerTask victim = choice < 8 ? present.get(random.nextInt(present.size())) : model.first();
        waiting.remove(victim);
        model.remove(victim);
        present.remove(victim);
      }
      assertThat(waiting.size()).isEqualTo(model.size());
      assertThat(first()).isSameAs(model.isEmpty() ? null : model.first());
    }
    assertThat(drain()).isEqualTo(model.stream().map(TimerTask::deadlineNanos).toList());
  }
}
