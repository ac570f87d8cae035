package io.httpkit.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What was measured in one scenario: a value for each server, or client, and round. */
final class Measurements {
  /**
   * One server, or client, in one round.
   *
   * @param rate requests, or whatever is counted, per second
   * @param cpuMicros CPU time that it takes for one
   */
  record Sample(double rate, double cpuMicros, long errors) {
    static Sample of(long count, double seconds, double cpuSeconds, long errors) {
      return new Sample(count / seconds, cpuSeconds * 1e6 / count, errors);
    }

    private double perCpuSecond() {
      return 1e6 / cpuMicros;
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%,.0f/s, %.2f µs CPU", rate, cpuMicros)
          + (errors == 0 ? "" : ", " + errors + " ERRORS");
    }
  }

  private final Map<String, List<Sample>> samples = new LinkedHashMap<>();
  private final String reference;
  private final Unit unit;

  /**
   * @param reference the one that the others are compared with
   * @param unit what is counted
   */
  Measurements(String reference, Unit unit) {
    this.reference = reference;
    this.unit = unit;
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
            | | %2$s/s | to %1$s | CPU µs/%3$s | to %1$s | %2$s/CPU s | to %1$s | errors |
            |---|--:|--:|--:|--:|--:|--:|--:|
            """
                .formatted(reference, unit.many(), unit.one()));
    samples.forEach((server, rounds) -> table.append(row(server, rounds)));
    return table.toString();
  }

  private String row(String server, List<Sample> rounds) {
    return String.format(
        Locale.ROOT,
        "| %s | %,.0f | %.2f | %.2f | %.2f | %,.0f | %.2f | %d |%n",
        server,
        median(rounds, Sample::rate),
        ratio(rounds, Sample::rate),
        median(rounds, Sample::cpuMicros),
        ratio(rounds, Sample::cpuMicros),
        median(rounds, Sample::perCpuSecond),
        ratio(rounds, Sample::perCpuSecond),
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
