package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Makes the servers and the peers of a test and ends them after it. Then nothing may be left of
 * them: no thread, no connection, no request, no file descriptor; and none of their loops may have
 * reported a fault.
 */
final class NothingLeft implements BeforeEachCallback, AfterEachCallback {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final long BOUND_SECONDS = 20;
  private static final List<String> THREADS =
      List.of("http-kit-loop-", "http-kit-stop", "http-kit-tls-", "worker-", "own-worker-");

  /** What happens in the servers of {@link #start}. */
  final RecordingEvents events = new RecordingEvents();

  private final List<HttpServer> servers = new ArrayList<>();
  private final ConcurrentLinkedQueue<ScriptedPeer> peers = new ConcurrentLinkedQueue<>();
  private List<String> descriptorsBefore = List.of();

  /** A server on any free port of this machine, that records its events. */
  HttpServer start(Handler handler) {
    return start(handler, config -> config);
  }

  HttpServer start(Handler handler, UnaryOperator<ServerConfig.Builder> options) {
    HttpServer server = create(handler, options);
    try {
      server.start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return server;
  }

  /** The same, not started yet. */
  HttpServer create(Handler handler, UnaryOperator<ServerConfig.Builder> options) {
    ServerConfig.Builder config =
        ServerConfig.builder().ip("127.0.0.1").port(0).loops(2).events(events);
    return add(HttpServer.create(handler, options.apply(config).build()));
  }

  HttpServer add(HttpServer server) {
    servers.add(server);
    return server;
  }

  ScriptedPeer connect(HttpServer server) throws IOException {
    return add(ScriptedPeer.connect(server));
  }

  /** A peer for which the system keeps few bytes. */
  ScriptedPeer connectNarrow(HttpServer server) throws IOException {
    return add(ScriptedPeer.connect(server, 16 * 1024));
  }

  private ScriptedPeer add(ScriptedPeer peer) {
    peers.add(peer);
    return peer;
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    // the JDK opens a descriptor for itself with the first of all channels
    SocketChannel.open().close();
    descriptorsBefore = descriptors();
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    for (ScriptedPeer peer : peers) {
      peer.close();
    }
    for (HttpServer server : servers) {
      server.stop(Duration.ZERO).get(BOUND_SECONDS, TimeUnit.SECONDS);
      assertThat(server.status()).isEqualTo(ServerStatus.STOPPED);
      assertThat(server.connections()).as("connections").isZero();
      assertThat(server.activeRequests()).as("active requests").isZero();
    }
    onEachThread(NothingLeft::assertEnds);
    assertThat(descriptors()).hasSizeLessThanOrEqualTo(descriptorsBefore.size());
    assertThat(events.all(RecordingEvents.Kind.LOOP_ERROR)).isEmpty();
  }

  private static void onEachThread(Consumer<Thread> action) {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (THREADS.stream().anyMatch(thread.getName()::startsWith)) {
        action.accept(thread);
      }
    }
  }

  private static void assertEnds(Thread thread) {
    try {
      thread.join(TimeUnit.SECONDS.toMillis(BOUND_SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertThat(thread.isAlive()).as("%s is alive", thread).isFalse();
  }

  /** Sockets and selectors that are open; none where the system does not tell. */
  private static List<String> descriptors() throws IOException {
    List<String> open = new ArrayList<>();
    if (!Files.isDirectory(DESCRIPTORS)) {
      return open;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path descriptor : all) {
        String target = target(descriptor);
        if (target.startsWith("socket:") || target.startsWith("anon_inode:")) {
          open.add(target);
        }
      }
    }
    return open;
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      // closed since it was listed
      return "";
    }
  }
}
