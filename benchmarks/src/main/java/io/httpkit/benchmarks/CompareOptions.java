package io.httpkit.benchmarks;

import java.util.Arrays;
import java.util.List;

/**
 * The command line of {@link Compare}.
 *
 * @param rounds how often each server is measured in each scenario
 * @param seconds of each measurement
 * @param warm seconds that each server is loaded before, in each scenario
 * @param threads of the load generator
 * @param mode where handlers run; peers without virtual threads use a pool for {@code vt} too
 */
record CompareOptions(
    int rounds,
    int seconds,
    int warm,
    int connections,
    int threads,
    List<Scenario> scenarios,
    List<Peer> peers,
    ServerOptions.Mode mode) {
  static final String USAGE =
      """
      options:
        --rounds N        how often each server is measured in each scenario (5)
        --seconds N       length of each measurement (4)
        --warm N          seconds of load before the first round, in each scenario (8)
        --connections N   (64)
        --threads N       of wrk (2)
        --scenarios A,B   of plaintext, pipelined, json, echo (all)
        --peers A,B       of netty-nio, netty-epoll, undertow, vertx, jetty (all)
        --mode MODE       loop, worker or vt (loop)""";

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException if it is not as {@link #USAGE} says
   */
  static CompareOptions parse(String... args) {
    if (args.length % 2 != 0) {
      throw new IllegalArgumentException("value expected behind " + args[args.length - 1]);
    }
    int rounds = 5;
    int seconds = 4;
    int warm = 8;
    int connections = 64;
    int threads = 2;
    List<Scenario> scenarios = List.of(Scenario.values());
    List<Peer> peers = List.of(Peer.values());
    ServerOptions.Mode mode = ServerOptions.Mode.LOOP;
    for (int i = 0; i < args.length; i += 2) {
      String value = args[i + 1];
      switch (args[i]) {
        case "--rounds" -> rounds = positive(args[i], value);
        case "--seconds" -> seconds = positive(args[i], value);
        case "--warm" -> warm = positive(args[i], value);
        case "--connections" -> connections = positive(args[i], value);
        case "--threads" -> threads = positive(args[i], value);
        case "--scenarios" -> scenarios = list(value).stream().map(Scenario::of).toList();
        case "--peers" -> peers = list(value).stream().map(Peer::of).toList();
        case "--mode" -> mode = ServerOptions.Mode.of(value);
        default -> throw new IllegalArgumentException("unknown option " + args[i]);
      }
    }
    return new CompareOptions(
        rounds, seconds, warm, connections, Math.min(threads, connections), scenarios, peers, mode);
  }

  private static int positive(String option, String value) {
    int number = Integer.parseInt(value);
    if (number < 1) {
      throw new IllegalArgumentException(option + " must be at least 1");
    }
    return number;
  }

  /** The names between the commas, none if there is nothing. */
  private static List<String> list(String value) {
    return Arrays.stream(value.split(",", -1)).filter(name -> !name.isBlank()).toList();
  }
}
