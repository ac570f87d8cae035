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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerHeapTest {
  private final TimerRunner runner =
      new TimerRunner("unused", Duration.ofMinutes(1).toNanos(), () -> 0, error -> {});
  private final TimerHeap heap = new TimerHeap();

  private TimerTask add(long deadlineNanos) {
    TimerTask task = runner.task(deadlineNanos, () -> {});
    heap.add(task);
    return task;
  }

  private List<Long> drain() {
    List<Long> deadlines = new ArrayList<>();
    for (TimerTask first = heap.first(); first != null; first = heap.first()) {
      deadlines.add(first.deadlineNanos());
      heap.remove(first);
    }
    return deadlines;
  }

  @Test
  void emptyHeapHasNoFirst() {
    assertThat(heap.first()).isNull();
    assertThat(heap.size()).isZero();
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
      assertThat(heap.first()).isSameAs(expected);
      heap.remove(expected);
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
        heap.remove(tasks[i]);
        heap.remove(tasks[i]);
        assertThat(tasks[i].place()).isEqualTo(TimerTask.NOWHERE);
      } else {
        left.add((long) i);
      }
    }

    assertThat(heap.size()).isEqualTo(left.size());
    assertThat(drain()).isEqualTo(left);
  }

  @Test
  void taskThatWasNeverAddedIsNotRemoved() {
    add(1);
    heap.remove(runner.task(1, () -> {}));

    assertThat(heap.size()).isEqualTo(1);
  }

  /** The same steps on a heap and on a sorted set give the same first task after each. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void doesWhatASortedSetDoes(long seed) {
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
        heap.add(task);
        model.add(task);
        present.add(task);
      } else if (!present.isEmpty()) {
        TimerTask victim = choice < 8 ? present.get(random.nextInt(present.size())) : model.first();
        heap.remove(victim);
        model.remove(victim);
        present.remove(victim);
      }
      assertThat(heap.size()).isEqualTo(model.size());
      assertThat(heap.first()).isSameAs(model.isEmpty() ? null : model.first());
    }
    assertThat(drain()).isEqualTo(model.stream().map(TimerTask::deadlineNanos).toList());
  }
}
