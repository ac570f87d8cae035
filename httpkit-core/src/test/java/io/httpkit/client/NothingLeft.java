package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.internal.loop.Ticker;
import io.httpkit.server.Handler;
import io.httpkit.server.HttpServer;
import io.httpkit.server.ServerConfig;
import io.httpkit.testing.Leftovers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Makes the clients of a test and the servers they talk to, and ends them after it, the clients
 * first. Then nothing may be left of them: no thread, no connection, no request that waits, no file
 * descriptor; and none of their loops may have reported a fault.
 */
final class NothingLeft implements BeforeEachCallback, AfterEachCallback {
  private static final List<String> THREADS =
      List.of("http-kit-client-", "http-kit-loop-", "http-kit-stop", "http-kit-tls-");
  private static final long BOUND_SECONDS = 20;

  /** What happens in the clients of {@link #client}. */
  final RecordingEvents events = new RecordingEvents();

  private final List<HttpClient> clients = new ArrayList<>();
  private final List<HttpServer> httpServers = new ArrayList<>();
  private final List<ScriptedServer> servers = new ArrayList<>();
  private List<String> descriptorsBefore = List.of();

  /** A client that adds nothing to requests but what it must, and records its events. */
  HttpClient client() {
    return client(config -> config);
  }

  HttpClient client(UnaryOperator<ClientConfig.Builder> options) {
    return client(options, Ticker.SYSTEM);
  }

  HttpClient client(UnaryOperator<ClientConfig.Builder> options, Ticker ticker) {
    ClientConfig.Builder config =
        ClientConfig.builder().loops(2).events(events).userAgent(null).compression(false);
    HttpClient client = HttpClient.create(options.apply(config).build(), ticker);
    clients.add(client);
    return client;
  }

  ScriptedServer server() throws IOException {
    return add(ScriptedServer.start());
  }

  ScriptedServer add(ScriptedServer server) {
    servers.add(server);
    return server;
  }

  /** One of our own servers. */
  HttpServer httpServer(Handler handler, UnaryOperator<ServerConfig.Builder> options)
      throws IOException {
    ServerConfig.Builder config = ServerConfig.builder().ip("127.0.0.1").port(0);
    HttpServer server = HttpServer.start(handler, options.apply(config).build());
    httpServers.add(server);
    return server;
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    descriptorsBefore = Leftovers.descriptors();
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    for (HttpClient client : clients) {
      client.stop().get(BOUND_SECONDS, TimeUnit.SECONDS);
      assertThat(client.statistics()).isEqualTo(new ClientStatistics(0, 0, 0));
    }
    for (ScriptedServer server : servers) {
      server.close();
    }
    for (HttpServer server : httpServers) {
      server.stop(Duration.ZERO).get(BOUND_SECONDS, TimeUnit.SECONDS);
    }
    Leftovers.assertEnd(threads());
    assertThat(Leftovers.descriptors()).hasSizeLessThanOrEqualTo(descriptorsBefore.size());
    assertThat(events.all(RecordingEvents.Kind.LOOP_ERROR)).isEmpty();
  }

  /** The threads of clients and servers that run now. */
  static List<Thread> threads() {
    return Leftovers.threads(THREADS);
  }
}
