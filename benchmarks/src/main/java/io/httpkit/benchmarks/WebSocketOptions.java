package io.httpkit.benchmarks;

import java.util.List;

/**
 * The command line of {@link WebSocketCompare}.
 *
 * @param connections of an echo
 * @param receivers of a broadcast
 */
record WebSocketOptions(
    RoundOptions rounds, int connections, int receivers, List<WebSocketScenario> scenarios) {
  static final String USAGE =
      RoundOptions.USAGE
          + """
            --connections N   of an echo (64)
            --receivers N     of a broadcast (5000)
            --scenarios A,B   of echo, echo-pipelined, broadcast, broadcast-busy (all)"""
              .indent(2);

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException if it is not as {@link #USAGE} says
   */
  static WebSocketOptions parse(String... args) {
    CommandLine line = new CommandLine(args);
    WebSocketOptions options =
        new WebSocketOptions(
            RoundOptions.take(line, List.of(Peer.values())),
            line.positive("--connections", 64),
            line.positive("--receivers", 5000),
            line.list("--scenarios", WebSocketScenario::of, List.of(WebSocketScenario.values())));
    line.end();
    return options;
  }

  /** The WebSockets that the scenario needs. */
  int size(WebSocketScenario scenario) {
    return scenario.isRoom() ? receivers : connections;
  }

  /** The WebSockets that any scenario needs. */
  int maxSize() {
    return scenarios.stream().mapToInt(this::size).max().orElse(0);
  }
}
