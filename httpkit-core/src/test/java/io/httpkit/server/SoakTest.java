package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.server.ScriptedPeer.Reply;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many clients, most of them rude, for a while. */
class SoakTest {
  private static final int REQUESTS = 100_000;
  private static final int CLIENTS = 4;
  private static final int MAX_BATCH = 250;
  private static final String[] PATHS = {"/loop", "/worker", "/later", "/stream", "/error"};

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  private final CountingEvents counts = new CountingEvents();

  private static Response handle(Request request) {
    String text = request.target() + request.text();
    if (request.path().startsWith("/error")) {
      throw new IllegalStateException(text);
    }
    if (request.path().startsWith("/later")) {
      return Response.async(CompletableFuture.supplyAsync(() -> Response.text(text)));
    }
    return request.path().startsWith("/stream")
        ? Response.parts(List.of(text, ""))
        : Response.text(text);
  }

  private static final class Mixed implements Handler {
    @Override
    public Response handle(Request request) {
      return SoakTest.handle(request);
    }

    @Override
    public boolean isNonBlocking(Request request) {
      return request.path().startsWith("/loop");
    }
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void survivesAHundredThousandRequestsOfRudeClients() throws Exception {
    HttpServer server =
        servers.start(
            new Mixed(),
            config ->
                config
                    .events(counts)
                    .headTimeout(Duration.ofSeconds(5))
                    .bodyTimeout(Duration.ofSeconds(5))
                    .lingerTimeout(Duration.ofMillis(200)));
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Callable<Integer>> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Random random = new Random(i);
        all.add(() -> new Client(server, random).run(REQUESTS / CLIENTS));
      }
      int sent = 0;
      for (Future<Integer> client : clients.invokeAll(all)) {
        sent += client.get();
      }
      assertThat(sent).isGreaterThanOrEqualTo(REQUESTS);
    } finally {
      clients.shutdownNow();
    }
    assertThat(clients.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    try (ScriptedPeer peer = ScriptedPeer.connect(server)) {
      for (String path : PATHS) {
        Reply reply = peer.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").read();
        assertThat(reply.status()).isEqualTo(path.equals("/error") ? 500 : 200);
      }
    }
    counts.awaitAllClosed();
    assertThat(server.connections()).isZero();
    assertThat(server.activeRequests()).isZero();
    assertThat(counts.loopErrors).isEmpty();
    // what was sent only to be cut may never have arrived
    assertThat(counts.requests.get()).isBetween(REQUESTS / 2, 2 * REQUESTS);
  }

  /** One thread of clients, one after the other. */
  private static final class Client {
    private final HttpServer server;
    private final Random random;
    private int sent;

    Client(HttpServer server, Random random) {
      this.server = server;
      this.random = random;
    }

    int run(int requests) throws IOException {
      while (sent < requests) {
        try (ScriptedPeer peer = ScriptedPeer.connect(server)) {
          talk(peer, random.nextInt(20));
        }
      }
      return sent;
    }

    private void talk(ScriptedPeer peer, int kind) throws IOException {
      switch (kind) {
        case 0 -> {
          byte[] garbage = new byte[1 + random.nextInt(500)];
          random.nextBytes(garbage);
          sent++;
          sendRudely(peer, garbage);
          peer.halfClose().readToEnd();
        }
        case 1 -> {
          byte[] damaged = batch(new ArrayList<>()).getBytes(StandardCharsets.ISO_8859_1);
          for (int i = 0; i < 3; i++) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
          }
          sendRudely(peer, damaged);
          peer.halfClose().readToEnd();
        }
        case 2 -> sendRudely(peer, cut());
        case 3 -> {
          sendRudely(peer, cut());
          peer.reset();
        }
        case 4 -> {
          sendRudely(peer, cut());
          peer.halfClose().readToEnd();
        }
        case 5 -> {
          List<String> expected = new ArrayList<>();
          String all = request(expected) + request(expected);
          peer.sendByteByByte(all);
          expect(peer, expected);
        }
        default -> {
          List<String> expected = new ArrayList<>();
          String all = batch(expected);
          int middle = random.nextInt(all.length());
          peer.send(all.substring(0, middle)).send(all.substring(middle));
          if (random.nextBoolean()) {
            peer.halfClose();
          }
          expect(peer, expected);
        }
      }
    }

    /** The server may have refused what it got so far, and reset the connection. */
    private static void sendRudely(ScriptedPeer peer, byte[] bytes) {
      try {
        peer.send(bytes);
      } catch (IOException e) {
        // the server is as rude
      }
    }

    private void expect(ScriptedPeer peer, List<String> expected) throws IOException {
      for (String text : expected) {
        Reply reply = peer.read();
        if (text.startsWith("/error")) {
          assertThat(reply.status()).isEqualTo(500);
        } else {
          assertThat(reply.text()).isEqualTo(text);
        }
      }
    }

    private byte[] cut() {
      String all = batch(new ArrayList<>());
      return all.substring(0, 1 + random.nextInt(all.length()))
          .getBytes(StandardCharsets.ISO_8859_1);
    }

    private String batch(List<String> expected) {
      StringBuilder all = new StringBuilder();
      for (int count = 1 + random.nextInt(MAX_BATCH); count > 0; count--) {
        all.append(request(expected));
      }
      return all.toString();
    }

    private String request(List<String> expected) {
      sent++;
      String target = PATHS[random.nextInt(PATHS.length)] + "?" + sent;
      String head = " HTTP/1.1\r\nHost: a\r\n";
      if (random.nextInt(3) > 0) {
        expected.add(target);
        return "GET " + target + head + "\r\n";
      }
      String body = "b".repeat(1 + random.nextInt(200));
      expected.add(target + body);
      return random.nextBoolean()
          ? "POST " + target + head + "Content-Length: " + body.length() + "\r\n\r\n" + body
          : "POST "
              + target
              + head
              + "Transfer-Encoding: chunked\r\n\r\n"
              + Integer.toHexString(body.length())
              + "\r\n"
              + body
              + "\r\n0\r\n\r\n";
    }
  }

  private static final class CountingEvents implements ServerEvents {
    private final AtomicInteger requests = new AtomicInteger();
    private final Queue<Throwable> loopErrors = new ConcurrentLinkedQueue<>();

    /** Connections that are open; its monitor is told when there are none. */
    private final AtomicInteger open = new AtomicInteger();

    void awaitAllClosed() throws InterruptedException {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      synchronized (open) {
        while (open.get() > 0 && System.nanoTime() < deadline) {
          TimeUnit.MILLISECONDS.timedWait(open, 1000);
        }
      }
      assertThat(open).as("open connections").hasValue(0);
    }

    @Override
    public void onAccept(@Nullable SocketAddress remote) {
      open.incrementAndGet();
    }

    @Override
    public void onRequest(Request request) {
      requests.incrementAndGet();
    }

    @Override
    public void onClose(@Nullable SocketAddress remote) {
      if (open.decrementAndGet() == 0) {
        synchronized (open) {
          open.notifyAll();
        }
      }
    }

    @Override
    public void onLoopError(Throwable error) {
      loopErrors.add(error);
    }
  }
}
