package io.httpkit.benchmarks;

import java.util.List;

/**
 * What the command lines of all comparisons have.
 *
 * @param rounds how often each server is measured in each scenario
 * @param seconds of each measurement
 * @param warm seconds that each server is loaded before, in each scenario
 * @param mode where handlers run
 */
record RoundOptions(int rounds, int seconds, int warm, List<Peer> peers, ServerOptions.Mode mode) {
  static final String USAGE =
      """
      options:
        --rounds N        how often each server is measured in each scenario (5)
        --seconds N       length of each measurement (4)
        --warm N          seconds of load before the first round, in each scenario (8)
        --peers A,B       of netty-nio, netty-epoll, undertow, vertx, jetty (all)
        --mode MODE       loop, worker or vt (loop)
      """;

  /**
   * Reads its part of a command line.
   *
   * @param peers those that are measured unless others are asked for
   */
  static RoundOptions take(CommandLine line, List<Peer> peers) {
    return new RoundOptions(
        line.positive("--rounds", 5),
        line.positive("--seconds", 4),
        line.positive("--warm", 8),
        line.list("--peers", Peer::of, peers),
        line.one("--mode", ServerOptions.Mode::of, ServerOptions.Mode.LOOP));
  }
}
