package io.httpkit.benchmarks.clients;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** The same number of requests in flight all the time. Used once. */
final class GetLoad {
  /** How long the last requests may take. */
  private static final int GRACE_SECONDS = 30;

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

  private final Getter client;
  private final int inFlight;
  private final long length;
  private final CountDownLatch slots;
  private final LongAdder requests = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private volatile boolean ended;

  /**
   * @param length that each body must have
   */
  GetLoad(Getter client, int inFlight, long length) {
    this.client = client;
    this.inFlight = inFlight;
    this.length = length;
    this.slots = new CountDownLatch(inFlight);
  }

  /**
   * Loads the client, and waits until each request is done.
   *
   * @return requests, errors, nanoseconds, nanoseconds of CPU time of the process, and bytes
   *     allocated by its threads that live
   */
  String run(int seconds) throws InterruptedException {
    long cpu = SYSTEM.getProcessCpuTime();
    long allocated = allocated();
    long start = System.nanoTime();
    for (int i = 0; i < inFlight; i++) {
      new Slot(this, client).next();
    }
    TimeUnit.SECONDS.sleep(seconds);
    ended = true;
    if (!slots.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(slots.getCount() + " requests were never done");
    }
    return String.format(
        "%d %d %d %d %d",
        requests.sum(),
        errors.sum(),
        System.nanoTime() - start,
        SYSTEM.getProcessCpuTime() - cpu,
        allocated() - allocated);
  }

  private static long allocated() {
    return Arrays.stream(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds()))
        .filter(bytes -> bytes > 0)
        .sum();
  }

  boolean hasEnded() {
    return ended;
  }

  void slotEnded() {
    slots.countDown();
  }

  void count(long bytes) {
    requests.increment();
    if (bytes != length) {
      errors.increment();
    }
  }
}
