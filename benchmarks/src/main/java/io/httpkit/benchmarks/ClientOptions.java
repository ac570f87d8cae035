package io.httpkit.benchmarks;

import io.httpkit.benchmarks.clients.ClientPeer;
import java.util.List;

/**
 * The command line of {@link ClientCompare}.
 *
 * @param rounds how often each client is measured
 * @param seconds of each measurement
 * @param warm seconds of load before the first round
 * @param inFlight requests at a time
 * @param bytes of each body
 * @param url that is asked for; empty for this server
 */
record ClientOptions(
    int rounds,
    int seconds,
    int warm,
    int inFlight,
    int bytes,
    List<ClientPeer> clients,
    String url) {
  static final String USAGE =
      """
      options:
        --rounds N        how often each client is measured (5)
        --seconds N       length of each measurement (4)
        --warm N          seconds of load before the first round (8)
        --in-flight N     requests at a time (64)
        --bytes N         of each body (100)
        --clients A,B     of httpkit, httpkit-loop, jdk, apache, okhttp, vertx, reactor-netty (all)
        --url URL         of another server, whose bodies have that many bytes""";

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException if it is not as {@link #USAGE} says
   */
  static ClientOptions parse(String... args) {
    CommandLine line = new CommandLine(args);
    ClientOptions options =
        new ClientOptions(
            line.positive("--rounds", 5),
            line.positive("--seconds", 4),
            line.positive("--warm", 8),
            line.positive("--in-flight", 64),
            line.positive("--bytes", 100),
            line.list("--clients", ClientPeer::of, List.of(ClientPeer.values())),
            line.one("--url", url -> url, ""));
    line.end();
    return options;
  }
}
