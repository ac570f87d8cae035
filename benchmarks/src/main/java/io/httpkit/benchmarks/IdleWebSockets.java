package io.httpkit.benchmarks;

import io.httpkit.benchmarks.websocket.Crowd;
import io.httpkit.benchmarks.websocket.EchoOnce;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Measures the heap that this server needs for a WebSocket on which nothing happens, without
 * compression and with.
 */
public final class IdleWebSockets {
  private static final String USAGE =
      """
      options:
        --connections N   (10000)
        --mode MODE       loop, worker or vt (loop)""";

  /** Opened and closed before anything is measured, so that all is loaded and pools are full. */
  private static final int BEFORE = 500;

  private static final int SHOWN_CLASSES = 20;

  /** Longer than the server holds on to a connection that is closed. */
  private static final int SETTLE_SECONDS = 5;

  private final int connections;
  private final ServerOptions.Mode mode;

  private IdleWebSockets(int connections, ServerOptions.Mode mode) {
    this.connections = connections;
    this.mode = mode;
  }

  public static void main(String[] args) throws Exception {
    IdleWebSockets command;
    try {
      CommandLine line = new CommandLine(args);
      command =
          new IdleWebSockets(
              line.positive("--connections", 10_000),
              line.one("--mode", ServerOptions.Mode::of, ServerOptions.Mode.LOOP));
      line.end();
      OpenFiles.require(Math.max(command.connections, BEFORE));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n\n" + USAGE);
      System.exit(2);
      return;
    } catch (IllegalStateException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    command.run();
  }

  private void run() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("httpkit-idle-");
    folder.toFile().deleteOnExit();
    System.out.printf("%d WebSockets, mode %s, Java %s%n", connections, mode, Runtime.version());
    try (Children children = new Children()) {
      measure(children, folder, false);
      measure(children, folder, true);
    }
  }

  private void measure(Children children, Path folder, boolean deflates)
      throws IOException, InterruptedException {
    String name = deflates ? "permessage-deflate" : "no compression";
    List<String> options = List.of("--mode", mode.toString());
    ServerProcess server =
        ServerProcess.start(children, name, BenchServer.class, options, folder, null);
    EchoOnce echo = EchoOnce.text(deflates);
    try (Crowd crowd = crowd(server, deflates, echo)) {
      crowd.open(BEFORE);
      echo.run(crowd);
      leave(crowd);
    }
    TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
    LiveHeap before = LiveHeap.of(server.pid());
    try (Crowd crowd = crowd(server, deflates, echo)) {
      crowd.open(connections);
      echo.run(crowd);
      LiveHeap after = LiveHeap.of(server.pid());
      echo.run(crowd);
      leave(crowd);
      report(name, before, after);
    }
    server.end(children);
  }

  private static Crowd crowd(ServerProcess server, boolean deflates, EchoOnce echo)
      throws IOException {
    return new Crowd(server.address(), "/ws", deflates, echo);
  }

  private static void leave(Crowd crowd) throws IOException {
    crowd.leave();
    if (crowd.errors() > 0) {
      throw new IOException(crowd.errors() + " errors: " + crowd.firstError());
    }
  }

  private void report(String name, LiveHeap before, LiveHeap after) {
    double each = (double) (after.bytes() - before.bytes()) / connections;
    System.out.printf("%n%s: %,.0f bytes (%.2f KiB) each; of which%n", name, each, each / 1024);
    Map<String, Long> grown = new HashMap<>(after.classes());
    before.classes().forEach((type, bytes) -> grown.merge(type, -bytes, Long::sum));
    grown.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(SHOWN_CLASSES)
        .forEach(
            entry ->
                System.out.printf(
                    "%8.1f %s%n", (double) entry.getValue() / connections, entry.getKey()));
  }
}
