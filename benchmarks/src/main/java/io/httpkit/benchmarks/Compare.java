package io.httpkit.benchmarks;

import io.httpkit.benchmarks.Measurements.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Measures this server and others under load, each in a JVM of its own on this machine.
 *
 * <p>Each round goes through the scenarios and, within one, through the servers, so that what else
 * happens on the machine hits all alike.
 */
public final class Compare {
  private static final String THIS_SERVER = "httpkit";

  private final CompareOptions options;
  private final Wrk wrk;
  private final List<ServerProcess> servers = new ArrayList<>();
  private final Map<Scenario, Measurements> measured = new EnumMap<>(Scenario.class);
  private final int ticksPerSecond;

  private Compare(CompareOptions options, Wrk wrk) throws IOException, InterruptedException {
    this.options = options;
    this.wrk = wrk;
    this.ticksPerSecond = ServerProcess.ticksPerSecond();
    for (Scenario scenario : options.scenarios()) {
      measured.put(scenario, new Measurements(THIS_SERVER));
    }
  }

  public static void main(String[] args) throws Exception {
    CompareOptions options;
    try {
      options = CompareOptions.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n\n" + CompareOptions.USAGE);
      System.exit(2);
      return;
    }
    if (!Wrk.isInstalled()) {
      System.err.println("The load generator wrk is not installed; on Debian: apt-get install wrk");
      System.exit(2);
    }
    run(options);
  }

  private static void run(CompareOptions options) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("httpkit-compare-");
    folder.toFile().deleteOnExit();
    try (Children children = new Children()) {
      Wrk wrk = new Wrk(children, folder, options.connections(), options.threads());
      Compare compare = new Compare(options, wrk);
      compare.start(children, folder);
      compare.warmUp();
      for (int round = 1; round <= options.rounds(); round++) {
        compare.round(round);
      }
      compare.report();
    }
  }

  private void start(Children children, Path folder) throws IOException, InterruptedException {
    start(children, THIS_SERVER, BenchServer.class, folder);
    for (Peer peer : options.peers()) {
      start(children, peer.toString(), peer.main(), folder);
    }
  }

  private void start(Children children, String name, Class<?> main, Path folder)
      throws IOException, InterruptedException {
    System.err.println("start " + name);
    List<String> modeOption = List.of("--mode", options.mode().toString());
    ServerProcess server = ServerProcess.start(children, name, main, modeOption, folder);
    server.check();
    server.pause();
    servers.add(server);
  }

  private void warmUp() throws IOException, InterruptedException {
    for (ServerProcess server : servers) {
      server.resume();
      for (Scenario scenario : options.scenarios()) {
        Sample sample = measure(server, scenario, options.warm());
        System.err.printf("warm up, %s, %s: %s%n", scenario, server.name(), sample);
      }
      server.pause();
    }
  }

  private void round(int round) throws IOException, InterruptedException {
    for (Map.Entry<Scenario, Measurements> entry : measured.entrySet()) {
      for (ServerProcess server : servers) {
        server.resume();
        Sample sample = measure(server, entry.getKey(), options.seconds());
        server.pause();
        entry.getValue().add(server.name(), sample);
        System.err.printf("round %d, %s, %s: %s%n", round, entry.getKey(), server.name(), sample);
      }
    }
  }

  private Sample measure(ServerProcess server, Scenario scenario, int seconds)
      throws IOException, InterruptedException {
    long before = server.cpuTicks();
    Wrk.Result result = wrk.run(scenario, server.port(), seconds);
    double cpuSeconds = (double) (server.cpuTicks() - before) / ticksPerSecond;
    if (result.requests() == 0) {
      throw new IllegalStateException(server.name() + " answered nothing in " + scenario);
    }
    return Sample.of(result, cpuSeconds);
  }

  private void report() {
    System.out.printf(
        "%d rounds of %d s, %d connections, mode %s, Java %s, %d cores%n",
        options.rounds(),
        options.seconds(),
        options.connections(),
        options.mode(),
        Runtime.version(),
        Runtime.getRuntime().availableProcessors());
    measured.forEach(
        (scenario, measurements) ->
            System.out.printf("%n%s: %s%n%n%s", scenario, scenario.title(), measurements.table()));
  }
}
