package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.server.HttpServer;
import io.httpkit.server.Response;
import io.httpkit.testing.Leftovers;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Names are looked up where nobody else waits. */
@Timeout(60)
class JvmResolverTest {
  private static final List<String> LOOKUPS = List.of("http-kit-client-lookup-");
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  @RegisterExtension final NothingLeft made = new NothingLeft();

  private final CountDownLatch answered = new CountDownLatch(1);
  private final BlockingQueue<Thread> asking = new LinkedBlockingQueue<>();
  private final JvmResolver resolver = new JvmResolver(this::lookup);

  @AfterEach
  void close() {
    answered.countDown();
    resolver.close();
  }

  /** Waits for names that are slow. */
  private InetAddress[] lookup(String host) throws UnknownHostException {
    asking.add(Thread.currentThread());
    if (host.equals("none.test")) {
      throw new UnknownHostException(host);
    }
    if (host.equals("slow.test")) {
      try {
        answered.await();
      } catch (InterruptedException e) {
        throw new UnknownHostException("interrupted");
      }
    }
    return new InetAddress[] {LOOPBACK};
  }

  private CompletableFuture<List<InetAddress>> resolve(String host) {
    return resolver.resolve(host).toCompletableFuture();
  }

  @Test
  void whoAsksDoesNotWait() throws Exception {
    CompletableFuture<List<InetAddress>> slow = resolve("slow.test");

    Thread lookup = asking.poll(20, TimeUnit.SECONDS);
    assertThat(lookup).isNotNull().isNotEqualTo(Thread.currentThread());
    assertThat(lookup == null ? "" : lookup.getName()).startsWith("http-kit-client-lookup-");
    assertThat(lookup != null && lookup.isDaemon()).isTrue();
    assertThat(slow).isNotDone();
    answered.countDown();
    assertThat(Outcome.of(slow)).containsExactly(LOOPBACK);
  }

  @Test
  void slowNameDoesNotKeepAnotherWaiting() throws Exception {
    CompletableFuture<List<InetAddress>> slow = resolve("slow.test");

    assertThat(Outcome.of(resolve("fast.test"))).containsExactly(LOOPBACK);
    assertThat(slow).isNotDone();
  }

  @Test
  void unknownNameIsAFailure() throws Exception {
    assertThat(Outcome.failure(resolve("none.test"))).isInstanceOf(UnknownHostException.class);
  }

  @Test
  void closeEndsAllThreads() throws Exception {
    CompletableFuture<List<InetAddress>> slow = resolve("slow.test");
    assertThat(asking.poll(20, TimeUnit.SECONDS)).isNotNull();

    resolver.close();

    assertThat(Outcome.failure(slow)).isInstanceOf(UnknownHostException.class);
    Leftovers.assertEnd(Leftovers.threads(LOOKUPS));
  }

  // ---- of a client

  @Test
  void callbacksOnTheLoopDoNotMakeItLookNamesUp() throws Exception {
    HttpServer server = made.httpServer(request -> Response.text("found"), config -> config);
    HttpClient client = made.client(config -> config.executor(Runnable::run));

    assertThat(Outcome.of(client.get("http://localhost:" + server.port() + "/").send()).text())
        .isEqualTo("found");
    assertThat(Leftovers.threads(LOOKUPS)).hasSize(1);
  }
}
