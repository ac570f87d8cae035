package io.httpkit.benchmarks;

import io.httpkit.benchmarks.Measurements.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Measures this server and others, each in a JVM of its own on this machine.
 *
 * <p>Each round goes through the scenarios and, within one, through the servers, so that what else
 * happens on the machine hits all alike.
 *
 * @param <S> a scenario
 */
final class Rounds<S> {
  /**
   * What a server is put under.
   *
   * @param <S> a scenario
   */
  interface Load<S> {
    /** Fails unless the server answers as it should. */
    void check(ServerProcess server) throws IOException;

    Sample measure(ServerProcess server, S scenario, int seconds)
        throws IOException, InterruptedException;
  }

  private static final String THIS_SERVER = "httpkit";

  private final RoundOptions options;
  private final Load<S> load;
  private final @Nullable Path keys;
  private final List<ServerProcess> servers = new ArrayList<>();
  private final Map<S, Measurements> measured = new LinkedHashMap<>();

  /**
   * @param keys of {@link TlsKeys}, for all servers; null for plaintext
   */
  Rounds(
      RoundOptions options,
      List<S> scenarios,
      Function<S, Unit> unit,
      Load<S> load,
      @Nullable Path keys) {
    this.options = options;
    this.keys = keys;
    this.load = load;
    for (S scenario : scenarios) {
      measured.put(scenario, new Measurements(THIS_SERVER, unit.apply(scenario)));
    }
  }

  /**
   * Measures all.
   *
   * @param folder where the output of the servers goes
   */
  Map<S, Measurements> run(Children children, Path folder)
      throws IOException, InterruptedException {
    start(children, THIS_SERVER, BenchServer.class, folder);
    for (Peer peer : options.peers()) {
      start(children, peer.toString(), peer.main(), folder);
    }
    warmUp();
    for (int round = 1; round <= options.rounds(); round++) {
      round(round);
    }
    return measured;
  }

  private void start(Children children, String name, Class<?> main, Path folder)
      throws IOException, InterruptedException {
    System.err.println("start " + name);
    List<String> modeOption = List.of("--mode", options.mode().toString());
    ServerProcess server = ServerProcess.start(children, name, main, modeOption, folder, keys);
    load.check(server);
    server.pause();
    servers.add(server);
  }

  private void warmUp() throws IOException, InterruptedException {
    for (ServerProcess server : servers) {
      server.resume();
      for (S scenario : measured.keySet()) {
        Sample sample = load.measure(server, scenario, options.warm());
        System.err.printf("warm up, %s, %s: %s%n", scenario, server.name(), sample);
      }
      server.pause();
    }
  }

  private void round(int round) throws IOException, InterruptedException {
    for (Map.Entry<S, Measurements> entry : measured.entrySet()) {
      for (ServerProcess server : servers) {
        server.resume();
        Sample sample = load.measure(server, entry.getKey(), options.seconds());
        server.pause();
        entry.getValue().add(server.name(), sample);
        System.err.printf("round %d, %s, %s: %s%n", round, entry.getKey(), server.name(), sample);
      }
    }
  }

  /** How was measured, for the head of a report. */
  String description() {
    return String.format(
        "%d rounds of %d s, mode %s, Java %s, %d cores",
        options.rounds(),
        options.seconds(),
        options.mode(),
        Runtime.version(),
        Runtime.getRuntime().availableProcessors());
  }
}
