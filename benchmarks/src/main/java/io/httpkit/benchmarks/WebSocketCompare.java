package io.httpkit.benchmarks;

import io.httpkit.benchmarks.Measurements.Sample;
import io.httpkit.benchmarks.websocket.Crowd;
import io.httpkit.benchmarks.websocket.EchoOnce;
import io.httpkit.benchmarks.websocket.Traffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Measures the WebSockets of this server and others. The load comes from this JVM. */
public final class WebSocketCompare implements Rounds.Load<WebSocketScenario> {
  private final WebSocketOptions options;
  private final int ticksPerSecond;

  private WebSocketCompare(WebSocketOptions options) throws IOException, InterruptedException {
    this.options = options;
    this.ticksPerSecond = ServerProcess.ticksPerSecond();
  }

  public static void main(String[] args) throws Exception {
    WebSocketOptions options;
    try {
      options = WebSocketOptions.parse(args);
      OpenFiles.require(options.maxSize());
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n\n" + WebSocketOptions.USAGE);
      System.exit(2);
      return;
    } catch (IllegalStateException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    run(options);
  }

  private static void run(WebSocketOptions options) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("httpkit-websocket-");
    folder.toFile().deleteOnExit();
    try (Children children = new Children()) {
      Rounds<WebSocketScenario> rounds =
          new Rounds<>(
              options.rounds(),
              options.scenarios(),
              WebSocketScenario::unit,
              new WebSocketCompare(options),
              null);
      Map<WebSocketScenario, Measurements> measured = rounds.run(children, folder);
      System.out.println(rounds.description());
      measured.forEach(
          (scenario, measurements) ->
              System.out.printf(
                  "%n%s: %s%n%n%s",
                  scenario, scenario.title(options.size(scenario)), measurements.table()));
    }
  }

  @Override
  public void check(ServerProcess server) throws IOException {
    for (String path : new String[] {"/ws", "/room"}) {
      EchoOnce echo = EchoOnce.binary();
      try (Crowd crowd = new Crowd(server.address(), path, false, echo)) {
        crowd.open(1);
        echo.run(crowd);
        crowd.leave();
        if (crowd.errors() > 0) {
          throw new IllegalStateException(server.name() + ", " + path + ": " + crowd.firstError());
        }
      }
    }
  }

  @Override
  public Sample measure(ServerProcess server, WebSocketScenario scenario, int seconds)
      throws IOException {
    int size = options.size(scenario);
    Traffic traffic = new Traffic(scenario.pattern(size), size);
    try (Crowd crowd = new Crowd(server.address(), scenario.path(), false, traffic)) {
      traffic.join(crowd);
      long before = server.cpuTicks();
      Traffic.Result result = traffic.run(crowd, seconds);
      double cpuSeconds = (double) (server.cpuTicks() - before) / ticksPerSecond;
      crowd.leave();
      if (crowd.firstError() != null) {
        System.err.println(server.name() + ": " + crowd.firstError());
      }
      long errors = crowd.errors() + result.missing();
      return Sample.of(result.received(), result.seconds(), cpuSeconds, errors);
    }
  }
}
