package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.client.ClientException.Kind;
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

  @RegisterExtension final NothingLeft all = new NothingLeft();

  private final Random random = new Random(42);
  private final Semaphore free = new Semaphore(AT_A_TIME);
  private final AtomicInteger completed = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger cancelled = new AtomicInteger();
  private final List<CompletableFuture<Void>> cancellings = new ArrayList<>();
  private final Map<Kind, AtomicInteger> failures = new EnumMap<>(Kind.class);

  @Test
  void completesEachRequestOnce() throws Exception {
    for (Kind kind : Kind.values()) {
      failures.put(kind, new AtomicInteger());
    }
    try (RudeServer server = new RudeServer()) {
      HttpClient client =
          all.client(
              config ->
                  config
                      .maxConnectionsPerOrigin(AT_A_TIME / 2)
                      .firstByteTimeout(Duration.ofMillis(80)));
      for (int i = 0; i < REQUESTS; i++) {
        assertThat(free.tryAcquire(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
        send(client, server.url());
      }
      assertThat(free.tryAcquire(AT_A_TIME, BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
      for (CompletableFuture<Void> cancelling : cancellings) {
        Outcome.of(cancelling);
      }
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
