package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.internal.tls.TlsPeer;
import io.httpkit.server.RecordingEvents.Kind;
import io.httpkit.tls.TestKeys;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many connections, most of which end in the wrong place; nothing of them may be left. */
class TlsSoakTest {
  private static final int CONNECTIONS = 2_000;
  private static final int CLIENTS = 4;
  private static final TestKeys KEYS = TestKeys.localhost();
  private static final SSLContext CLIENT = TestKeys.trustingOnly(KEYS);

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void survivesTwoThousandConnections() throws Exception {
    HttpServer server =
        servers.start(
            request -> Response.text(request.text()),
            config ->
                config
                    .tls(ServerTls.of(KEYS.context()).withHandshakeTimeout(Duration.ofSeconds(2)))
                    .lingerTimeout(Duration.ofMillis(200)));
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Callable<Integer>> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Random random = new Random(i);
        all.add(
            () -> {
              for (int j = 0; j < CONNECTIONS / CLIENTS; j++) {
                connect(server, random);
              }
              return CONNECTIONS / CLIENTS;
            });
      }
      for (Future<Integer> client : clients.invokeAll(all)) {
        client.get();
      }
    } finally {
      clients.shutdownNow();
    }
    assertThat(clients.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    servers.events.await(Kind.CLOSE, servers.events.count(Kind.ACCEPT));

    assertThat(servers.events.count(Kind.ACCEPT)).isBetween(CONNECTIONS * 9 / 10, CONNECTIONS);
    assertThat(servers.events.count(Kind.TLS_HANDSHAKE) + servers.events.count(Kind.TLS_FAILURE))
        .isEqualTo(servers.events.count(Kind.CLOSE));
    assertThat(server.connections()).isZero();
    assertThat(server.activeRequests()).isZero();
    try (HttpsPeer peer = HttpsPeer.connect(server, CLIENT)) {
      assertThat(peer.get("/").status()).isEqualTo(200);
    }
  }

  private static void connect(HttpServer server, Random random) throws IOException {
    switch (random.nextInt(8)) {
      case 0 -> breakOffHello(server, random);
      case 1 -> sendNoise(server, random);
      case 2 -> resetBehindHandshake(server);
      case 3 -> truncateBody(server);
      default -> ask(server, random);
    }
  }

  private static void ask(HttpServer server, Random random) throws IOException {
    String protocol = random.nextBoolean() ? "TLSv1.2" : "TLSv1.3";
    try (HttpsPeer peer = HttpsPeer.connect(server, CLIENT, protocol)) {
      for (int i = random.nextInt(3); i >= 0; i--) {
        String body = "b".repeat(random.nextInt(100_000));
        peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n");
        assertThat(peer.send(body).read().text()).isEqualTo(body);
      }
      if (random.nextBoolean()) {
        peer.halfClose();
      }
    }
  }

  private static void breakOffHello(HttpServer server, Random random) throws IOException {
    SSLEngine engine = CLIENT.createSSLEngine();
    engine.setUseClientMode(true);
    try (SocketChannel channel = SocketChannel.open(server.address());
        TlsPeer peer = new TlsPeer(engine, channel)) {
      peer.sayHello(random.nextInt(600));
    }
  }

  private static void sendNoise(HttpServer server, Random random) throws IOException {
    byte[] noise = new byte[1 + random.nextInt(500)];
    random.nextBytes(noise);
    noise[0] = 22;
    try (ScriptedPeer peer = ScriptedPeer.connect(server)) {
      peer.send(noise);
      peer.halfClose().readToEnd();
    } catch (IOException e) {
      // the server is as rude
    }
  }

  private static void resetBehindHandshake(HttpServer server) throws IOException {
    try (HttpsPeer peer = HttpsPeer.connect(server, CLIENT)) {
      peer.shakeHands().send("GET / HTTP/1.1\r\n");
      peer.reset();
    }
  }

  private static void truncateBody(HttpServer server) throws IOException {
    try (HttpsPeer peer = HttpsPeer.connect(server, CLIENT)) {
      peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nab").truncate();
    }
  }
}
