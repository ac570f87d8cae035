package io.httpkit.benchmarks;

import io.httpkit.benchmarks.Measurements.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Measures this server and others under requests. */
public final class Compare implements Rounds.Load<Scenario> {
  private final Wrk wrk;
  private final int ticksPerSecond;

  private Compare(Wrk wrk) throws IOException, InterruptedException {
    this.wrk = wrk;
    this.ticksPerSecond = ServerProcess.ticksPerSecond();
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
      Rounds<Scenario> rounds =
          new Rounds<>(
              options.rounds(),
              options.scenarios(),
              Scenario::unit,
              new Compare(wrk),
              options.tls() ? TlsKeys.make(folder.resolve("keys.p12")) : null);
      Map<Scenario, Measurements> measured = rounds.run(children, folder);
      System.out.printf(
          "%s, %d connections%s%n",
          rounds.description(),
          options.connections(),
          options.tls() ? ", " + TlsKeys.PROTOCOL + " " + TlsKeys.CIPHER : "");
      measured.forEach(
          (scenario, measurements) ->
              System.out.printf(
                  "%n%s: %s%n%n%s", scenario, scenario.title(), measurements.table()));
    }
  }

  @Override
  public void check(ServerProcess server) throws IOException {
    server.check();
  }

  @Override
  public Sample measure(ServerProcess server, Scenario scenario, int seconds)
      throws IOException, InterruptedException {
    long before = server.cpuTicks();
    Wrk.Result result = wrk.run(scenario, server, seconds);
    double cpuSeconds = (double) (server.cpuTicks() - before) / ticksPerSecond;
    if (result.bytes() == 0) {
      throw new IllegalStateException(server.name() + " answered nothing in " + scenario);
    }
    long count =
        scenario.unit() == Unit.REQUEST ? result.requests() : result.bytes() / (1024 * 1024);
    return Sample.of(count, result.seconds(), cpuSeconds, result.errors());
  }
}
