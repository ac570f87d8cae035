package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.testing.Leftovers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Ten thousand requests to a server that cuts, resets and stalls, some of them cancelled. */
class ClientTortureTest {
  private static final int REQUESTS = 10_000;
  private static final int AT_A_TIME = 200;
  private static final int BOUND_SECONDS = 60;
  private static final long MAX_GROWTH_BYTES = 2 * 1024 * 1024;

  /** Each has a selector of two descriptors at most, and the server listens. */
  private static final int OF_LOOPS_AND_SERVER = 7;

  @RegisterExtension final NothingLeft all = new NothingLeft();

  private final Random random = new Random(42);
  private final Semaphore free = new Semaphore(AT_A_TIME);
  private final AtomicInteger completed = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger cancelled = new AtomicInteger();
  private final List<CompletableFuture<Void>> cancellings = new ArrayList<>();
  private final Map<Kind, AtomicInteger> failures = new EnumMap<>(Kind.class);

  ClientTortureTest() {
    for (Kind kind : Kind.values()) {
      failures.put(kind, new AtomicInteger());
    }
  }

  @Test
  void completesEachRequestOnce() throws Exception {
    try (RudeServer server = new RudeServer()) {
      HttpClient client = all.client(ClientTortureTest::options);
      torture(client, server.url(), REQUESTS);
      all.events.awaitOutcomes(REQUESTS);
      assertThat(client.statistics().waiting()).isZero();
      assertThat(client.statistics().open()).isLessThanOrEqualTo(AT_A_TIME / 2);
      Outcome.of(client.stop());
    }
    assertThat(all.events.outcomes()).isEqualTo(REQUESTS);
    assertThat(completed).hasValue(REQUESTS);
    assertThat(answered).hasValueGreaterThan(REQUESTS / 2);
    assertThat(cancelled).hasPositiveValue();
    assertThat(of(Kind.CLOSED)).hasPositiveValue();
    assertThat(of(Kind.FIRST_BYTE_TIMEOUT)).hasPositiveValue();
    int failed = failures.values().stream().mapToInt(AtomicInteger::get).sum();
    assertThat(answered.get() + cancelled.get() + failed).isEqualTo(REQUESTS);
  }

  /**
   * The client goes on meanwhile: what it keeps does not grow with what it has done. Without the
   * time-out of waiting, as its timers are kept until they are due.
   */
  @Test
  void keepsNothingOfWhatIsOver() throws Exception {
    int descriptors = Leftovers.descriptors().size();
    try (RudeServer server = new RudeServer()) {
      HttpClient client =
          all.client(
              config -> options(config).events(ClientEvents.NONE).acquireTimeout(Duration.ZERO));
      torture(client, server.url(), REQUESTS);
      long before = heapBytes();
      for (int round = 0; round < 2; round++) {
        torture(client, server.url(), REQUESTS / 2);
        assertThat(heapBytes() - before).as("round %d", round).isLessThan(MAX_GROWTH_BYTES);
        ClientStatistics now = settled(client);
        assertThat(now.waiting()).isZero();
        assertThat(now.open()).isEqualTo(now.idle()).isLessThanOrEqualTo(AT_A_TIME / 2);
      }
      // both ends of a connection are ours
      assertThat(Leftovers.descriptors().size() - descriptors)
          .isLessThanOrEqualTo(2 * AT_A_TIME / 2 + OF_LOOPS_AND_SERVER);
    }
    assertThat(completed).hasValue(2 * REQUESTS);
  }

  /** Connections of requests that were cancelled are closed by their loops, soon. */
  private static ClientStatistics settled(HttpClient client) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    ClientStatistics now = client.statistics();
    while (now.open() != now.idle() && System.nanoTime() < end) {
      Thread.onSpinWait();
      now = client.statistics();
    }
    return now;
  }

  private static ClientConfig.Builder options(ClientConfig.Builder config) {
    return config.maxConnectionsPerOrigin(AT_A_TIME / 2).firstByteTimeout(Duration.ofMillis(80));
  }

  /** What is in use, as little as it gets. */
  private static long heapBytes() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  /** Sends so many requests, some at a time, and waits until all are over. */
  private void torture(HttpClient client, String url, int requests) throws Exception {
    for (int i = 0; i < requests; i++) {
      assertThat(free.tryAcquire(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
      send(client, url);
    }
    assertThat(free.tryAcquire(AT_A_TIME, BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
    free.release(AT_A_TIME);
    for (CompletableFuture<Void> cancelling : cancellings) {
      Outcome.of(cancelling);
    }
    cancellings.clear();
  }

  /** Every eighth is cancelled: at once, or when another is sent. */
  private void send(HttpClient client, String url) {
    CompletableFuture<ClientResponse> future = client.get(url).send();
    CompletableFuture<ClientResponse> unused =
        future.whenComplete(
            (response, failure) -> {
              completed.incrementAndGet();
              count(response != null, failure);
              free.release();
            });
    int dice = random.nextInt(16);
    if (dice == 0) {
      future.cancel(true);
    } else if (dice == 1) {
      CompletableFuture<Void> cancelling = CompletableFuture.runAsync(() -> future.cancel(true));
      cancellings.add(cancelling);
    }
  }

  private AtomicInteger of(Kind kind) {
    return Objects.requireNonNull(failures.get(kind));
  }

  private void count(boolean isAnswered, @Nullable Throwable failure) {
    if (isAnswered) {
      answered.incrementAndGet();
    } else if (failure instanceof CancellationException) {
      cancelled.incrementAndGet();
    } else if (failure instanceof ClientException known) {
      of(known.kind()).incrementAndGet();
    }
  }
}
