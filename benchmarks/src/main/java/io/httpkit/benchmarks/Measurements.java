package io.httpkit.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What was measured in one scenario: a value for each server and round. */
final class Measurements {
  /**
   * One server in one round.
   *
   * @param rate requests per second
   * @param cpuMicros CPU time of the server for a request
   */
  record Sample(double rate, double cpuMicros, long errors) {
    static Sample of(Wrk.Result result, double cpuSeconds) {
      return new Sample(
          result.requests() / result.seconds(),
          cpuSeconds * 1e6 / result.requests(),
          result.errors());
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%,.0f req/s, %.2f µs CPU", rate, cpuMicros)
          + (errors == 0 ? "" : ", " + errors + " ERRORS");
    }
  }

  private final Map<String, List<Sample>> samples = new LinkedHashMap<>();
  private final String reference;

  /**
   * @param reference the server that the others are compared with
   */
  Measurements(String reference) {
    this.reference = reference;
  }

  /** Adds the sample of a server's next round. */
  void add(String server, Sample sample) {
    samples.computeIfAbsent(server, name -> new ArrayList<>()).add(sample);
  }

  /** A table of medians. Ratios are taken within a round, then their median. */
  String table() {
    StringBuilder table =
        new StringBuilder(
            """
            | server | requests/s | to %1$s | CPU µs/request | to %1$s | errors |
            |---|--:|--:|--:|--:|--:|
            """
                .formatted(reference));
    samples.forEach((server, rounds) -> table.append(row(server, rounds)));
    return table.toString();
  }

  private String row(String server, List<Sample> rounds) {
    return String.format(
        Locale.ROOT,
        "| %s | %,.0f | %.2f | %.2f | %.2f | %d |%n",
        server,
        median(rounds, Sample::rate),
        ratio(rounds, Sample::rate),
        median(rounds, Sample::cpuMicros),
        ratio(rounds, Sample::cpuMicros),
        rounds.stream().mapToLong(Sample::errors).sum());
  }

  private double ratio(List<Sample> rounds, ToDoubleFunction<Sample> value) {
    List<Sample> references = samples.getOrDefault(reference, List.of());
    double[] ratios = new double[rounds.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = value.applyAsDouble(rounds.get(i)) / value.applyAsDouble(references.get(i));
    }
    return median(ratios);
  }

  private static double median(List<Sample> rounds, ToDoubleFunction<Sample> value) {
    return median(rounds.stream().mapToDouble(value).toArray());
  }

  private static double median(double... values) {
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }
}
