package io.httpkit.timer;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Tasks, of which the first to run is at hand: a binary heap in which each task knows its place, so
 * that one that is cancelled leaves at once, and is not kept until its time. No thread of its own
 * and no lock.
 */
final class TimerHeap {
  /** Fewer slots than this are not worth giving back. */
  private static final int FEW = 64;

  private final ArrayList<TimerTask> tasks = new ArrayList<>();
  private long added;

  /** The most tasks since slots were given back last. */
  private int highest;

  int size() {
    return tasks.size();
  }

  /** The task that runs first; null without any. */
  @Nullable TimerTask first() {
    return tasks.isEmpty() ? null : tasks.get(0);
  }

  /** Adds a task, in O(log n). */
  void add(TimerTask task) {
    tasks.add(task);
    highest = Math.max(highest, tasks.size());
    task.setSequence(added++);
    up(tasks.size() - 1, task);
  }

  /** Removes a task, in O(log n); nothing is done if it is not here. */
  void remove(TimerTask task) {
    int place = task.place();
    if (place == TimerTask.NOWHERE) {
      return;
    }
    task.setPlace(TimerTask.NOWHERE);
    TimerTask last = tasks.remove(tasks.size() - 1);
    if (last != task) {
      refill(place, last);
    }
    giveBack();
  }

  private void refill(int place, TimerTask task) {
    if (place > 0 && task.isBefore(tasks.get(parentOf(place)))) {
      up(place, task);
    } else {
      down(place, task);
    }
  }

  /** Puts the task at the place, or as far above as it belongs. */
  private void up(int from, TimerTask task) {
    int place = from;
    while (place > 0 && task.isBefore(tasks.get(parentOf(place)))) {
      put(place, tasks.get(parentOf(place)));
      place = parentOf(place);
    }
    put(place, task);
  }

  /** Puts the task at the place, or as far below as it belongs. */
  private void down(int from, TimerTask task) {
    int place = from;
    int child = earlierChildOf(place);
    while (child < tasks.size() && tasks.get(child).isBefore(task)) {
      put(place, tasks.get(child));
      place = child;
      child = earlierChildOf(place);
    }
    put(place, task);
  }

  private static int parentOf(int place) {
    return (place - 1) >>> 1;
  }

  /** At least {@link #size} if it has no child. */
  private int earlierChildOf(int place) {
    int left = 2 * place + 1;
    int right = left + 1;
    return right < tasks.size() && tasks.get(right).isBefore(tasks.get(left)) ? right : left;
  }

  private void put(int place, TimerTask task) {
    tasks.set(place, task);
    task.setPlace(place);
  }

  /** So that what was needed for many tasks is not kept for few. */
  private void giveBack() {
    if (highest > FEW && tasks.size() < highest / 4) {
      tasks.trimToSize();
      highest = tasks.size();
    }
  }
}
