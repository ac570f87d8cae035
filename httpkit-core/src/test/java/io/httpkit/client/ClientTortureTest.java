package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.server.HttpServer;
import io.httpkit.server.Response;
import io.httpkit.server.ServerTls;
import io.httpkit.testing.Leftovers;
import io.httpkit.tls.TestAuthority;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Ten thousand requests to servers that cut, reset and stall, a quarter of them over TLS, some of
 * them cancelled, some with little time. All time-outs are on.
 */
class ClientTortureTest {
  private static final int REQUESTS = 10_000;
  private static final int AT_A_TIME = 200;

  /** So few that many wait, and that each of the two origins gets what the other has left idle. */
  private static final int MOST_OPEN = AT_A_TIME / 2;

  private static final int MOST_OPEN_TO_ONE = MOST_OPEN * 3 / 4;
  private static final int BOUND_SECONDS = 20;
  private static final long MAX_GROWTH_BYTES = 2 * 1024 * 1024;

  /** Selectors with two descriptors each at most, and what listens. */
  private static final int OF_LOOPS_AND_SERVERS = 14;

  private static final String HOST = "localhost";
  private static final TestAuthority ROOT = new TestAuthority("Root");

  @RegisterExtension final NothingLeft all = new NothingLeft();

  private final Random random = new Random(42);
  private final Semaphore free = new Semaphore(AT_A_TIME);
  private final AtomicInteger completed = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private final Queue<CompletableFuture<Response>> stalled = new ConcurrentLinkedQueue<>();
  private final AtomicInteger securely = new AtomicInteger();
  private final AtomicInteger cancelled = new AtomicInteger();
  private final List<CompletableFuture<Void>> cancellings = new ArrayList<>();
  private final Map<Kind, AtomicInteger> failures = new EnumMap<>(Kind.class);

  ClientTortureTest() {
    for (Kind kind : Kind.values()) {
      failures.put(kind, new AtomicInteger());
    }
  }

  @Test
  @Timeout(BOUND_SECONDS)
  void completesEachRequestOnce() throws Exception {
    try (RudeServer server = new RudeServer()) {
      HttpClient client = all.client(ClientTortureTest::options);
      torture(client, urls(server), REQUESTS);
      all.events.awaitOutcomes(REQUESTS);
      assertThat(client.statistics().waiting()).isZero();
      Outcome.of(client.stop());
    }
    assertThat(all.events.outcomes()).isEqualTo(REQUESTS);
    assertThat(completed).hasValue(REQUESTS);
    assertThat(answered).hasValueGreaterThan(REQUESTS / 2);
    assertThat(cancelled).hasPositiveValue();
    assertThat(of(Kind.CLOSED)).hasPositiveValue();
    assertThat(of(Kind.FIRST_BYTE_TIMEOUT)).hasPositiveValue();
    assertThat(of(Kind.TOTAL_TIMEOUT)).hasPositiveValue();
    assertThat(securely).hasValueGreaterThan(REQUESTS / 8);
    int failed = failures.values().stream().mapToInt(AtomicInteger::get).sum();
    assertThat(answered.get() + cancelled.get() + failed).isEqualTo(REQUESTS);
  }

  /** The client goes on meanwhile: what it keeps does not grow with what it has done. */
  @Test
  @Timeout(2 * BOUND_SECONDS)
  void keepsNothingOfWhatIsOver() throws Exception {
    int descriptors = Leftovers.descriptors().size();
    try (RudeServer server = new RudeServer()) {
      HttpClient client = all.client(config -> options(config).events(ClientEvents.NONE));
      List<String> urls = urls(server);
      torture(client, urls, REQUESTS);
      long before = heapBytes();
      for (int round = 0; round < 2; round++) {
        torture(client, urls, REQUESTS / 2);
        assertThat(heapBytes() - before).as("round %d", round).isLessThan(MAX_GROWTH_BYTES);
        ClientStatistics now = settled(client);
        assertThat(now.waiting()).isZero();
        assertThat(now.open()).isEqualTo(now.idle());
      }
      // both ends of a connection are ours, and those of one that is closed may end a bit later
      while (Leftovers.descriptors().size() - descriptors
          > 2 * client.statistics().open() + OF_LOOPS_AND_SERVERS) {
        Thread.onSpinWait();
      }
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

  /** Three quarters in plaintext. */
  private List<String> urls(RudeServer rude) throws Exception {
    AtomicInteger asked = new AtomicInteger();
    HttpServer server =
        all.httpServer(
            request -> moody(asked.incrementAndGet() % 20),
            config -> config.loops(1).tls(ServerTls.of(rememberingFew(ROOT.issue(HOST)))));
    String secure = "https://" + HOST + ":" + server.port() + "/";
    return List.of(rude.url(), rude.url(), rude.url(), secure);
  }

  /** Most are answered, one when all is over, and one for the last time on its connection. */
  private Response moody(int dice) {
    return switch (dice) {
      case 0 -> {
        CompletableFuture<Response> late = new CompletableFuture<>();
        stalled.add(late);
        yield Response.async(late);
      }
      case 1 -> Response.text("bye").withHeader("Connection", "close");
      default -> Response.text("here");
    };
  }

  /** The JDK keeps thousands of sessions, so that the heap would grow with each handshake. */
  private static SSLContext rememberingFew(SSLContext context) {
    context.getClientSessionContext().setSessionCacheSize(MOST_OPEN);
    context.getServerSessionContext().setSessionCacheSize(MOST_OPEN);
    return context;
  }

  private static ClientConfig.Builder options(ClientConfig.Builder config) {
    return config
        .tls(ClientTls.DEFAULTS.withContext(rememberingFew(ROOT.trusting())))
        .resolver(
            host -> CompletableFuture.completedFuture(List.of(InetAddress.getLoopbackAddress())))
        .maxConnections(MOST_OPEN)
        .maxConnectionsPerOrigin(MOST_OPEN_TO_ONE)
        .firstByteTimeout(Duration.ofMillis(80));
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
  private void torture(HttpClient client, List<String> urls, int requests) throws Exception {
    for (int i = 0; i < requests; i++) {
      assertThat(free.tryAcquire(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
      send(client, urls.get(i % urls.size()));
      assertThat(client.statistics().open()).isLessThanOrEqualTo(MOST_OPEN);
    }
    assertThat(free.tryAcquire(AT_A_TIME, BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
    free.release(AT_A_TIME);
    for (CompletableFuture<Void> cancelling : cancellings) {
      Outcome.of(cancelling);
    }
    cancellings.clear();
    // only with an answer does a server see that nobody is there for it
    for (CompletableFuture<Response> late = stalled.poll(); late != null; late = stalled.poll()) {
      late.complete(Response.text("late"));
    }
  }

  /** Every eighth is cancelled, at once or when another is sent; every fourth has less time. */
  private void send(HttpClient client, String url) {
    int dice = random.nextInt(16);
    RequestBuilder request = client.get(url);
    if (dice >= 12) {
      request = request.totalTimeout(Duration.ofMillis(60));
    }
    CompletableFuture<ClientResponse> future = request.send();
    CompletableFuture<ClientResponse> unused =
        future.whenComplete(
            (response, failure) -> {
              completed.incrementAndGet();
              if (response != null && response.url().startsWith("https")) {
                securely.incrementAndGet();
              }
              count(response != null, failure);
              free.release();
            });
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
