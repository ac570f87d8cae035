package io.httpkit.benchmarks;

import java.util.List;

/**
 * The command line of {@link Compare}.
 *
 * @param threads of the load generator
 * @param tls whether requests go over TLS
 */
record CompareOptions(
    RoundOptions rounds, int connections, int threads, List<Scenario> scenarios, boolean tls) {
  static final String USAGE =
      RoundOptions.USAGE
          + """
            --connections N   (64)
            --threads N       of wrk (2)
            --scenarios A,B   of plaintext, pipelined, json, echo, bulk (all)
            --tls             over TLS; of undertow and jetty only"""
              .indent(2);

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException if it is not as {@link #USAGE} says
   */
  static CompareOptions parse(String... args) {
    CommandLine line = new CommandLine(args);
    boolean tls = line.flag("--tls");
    RoundOptions rounds = RoundOptions.take(line, tls ? Peer.WITH_TLS : List.of(Peer.values()));
    if (tls && !Peer.WITH_TLS.containsAll(rounds.peers())) {
      throw new IllegalArgumentException("with --tls there are " + Peer.WITH_TLS);
    }
    int connections = line.positive("--connections", 64);
    int threads = line.positive("--threads", 2);
    List<Scenario> scenarios = line.list("--scenarios", Scenario::of, List.of(Scenario.values()));
    line.end();
    return new CompareOptions(rounds, connections, Math.min(threads, connections), scenarios, tls);
  }
}
