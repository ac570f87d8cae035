package io.httpkit.benchmarks;

import io.httpkit.benchmarks.ClientProcess.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Measures this client and others, each in a JVM of its own, in rounds. */
public final class ClientCompare {
  private final ClientOptions options;
  private final Measurements measurements;
  private final Map<String, Double> leastAllocated = new LinkedHashMap<>();

  private ClientCompare(ClientOptions options) {
    this.options = options;
    this.measurements = new Measurements(options.clients().get(0).toString(), Unit.REQUEST);
  }

  public static void main(String[] args) throws Exception {
    ClientOptions options;
    try {
      options = ClientOptions.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n\n" + ClientOptions.USAGE);
      System.exit(2);
      return;
    }
    new ClientCompare(options).run();
  }

  private void run() throws IOException, InterruptedException {
    try (Children children = new Children()) {
      String url = options.url().isEmpty() ? start(children) : options.url();
      List<ClientProcess> clients = new ArrayList<>();
      for (var peer : options.clients()) {
        ClientProcess client = ClientProcess.start(children, peer, options, url);
        clients.add(client);
        tell("warm up", client, client.run(options.warm()));
      }
      for (int round = 1; round <= options.rounds(); round++) {
        for (ClientProcess client : clients) {
          add(round, client, client.run(options.seconds()));
        }
      }
    }
    report();
  }

  /** Starts this server; the URL to ask for. */
  private String start(Children children) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("httpkit-clients-");
    folder.toFile().deleteOnExit();
    return ServerProcess.start(children, "server", BenchServer.class, List.of(), folder, null)
        .uri("/bytes?n=" + options.bytes())
        .toString();
  }

  private void add(int round, ClientProcess client, Result result) {
    tell("round " + round, client, result);
    String name = client.peer().toString();
    measurements.add(name, result.sample());
    leastAllocated.merge(name, result.allocated(), Math::min);
  }

  private static void tell(String when, ClientProcess client, Result result) {
    System.err.printf(
        "%s, %s: %s, %.0f bytes allocated%n",
        when, client.peer(), result.sample(), result.allocated());
  }

  private void report() {
    System.out.printf(
        "%d rounds of %d s, Java %s, %d cores, %d requests in flight, bodies of %d bytes%n%n%s",
        options.rounds(),
        options.seconds(),
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        options.inFlight(),
        options.bytes(),
        measurements.table());
    System.out.printf("%n| | bytes allocated/request |%n|---|--:|%n");
    leastAllocated.forEach(
        (name, bytes) -> System.out.printf(Locale.ROOT, "| %s | %,.0f |%n", name, bytes));
  }
}
