package io.httpkit.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** A kind of load. */
enum Scenario {
  PLAINTEXT("/plaintext", "GET /plaintext", ""),
  PIPELINED(
      "/plaintext",
      "GET /plaintext, " + Heads.PIPELINED + " at a time",
      """
      local format = wrk.format
      wrk.format = function(...) return string.rep(format(...), %d) end
      """
          .formatted(Heads.PIPELINED)),
  JSON("/json", "GET /json", ""),
  ECHO(
      "/echo",
      "POST /echo of 16 KiB",
      """
      wrk.method = "POST"
      wrk.body = string.rep("e", 16384)
      wrk.headers["Content-Type"] = "application/octet-stream"
      """),
  /** Counted in bytes, as not many of the responses are complete when the time is over. */
  BULK("/bytes?n=104857600", "GET of 100 MiB, 4 connections", "");

  private static final int BULK_CONNECTIONS = 4;

  /** Has wrk end with a line that is easy to read. */
  private static final String REPORT =
      """
      done = function(summary)
        local e = summary.errors
        print(string.format("RESULT %d %d %d %d", summary.requests, summary.bytes, summary.duration,
          e.connect + e.read + e.write + e.status + e.timeout))
      end
      """;

  private final String path;
  private final String title;
  private final String setting;

  Scenario(String path, String title, String setting) {
    this.path = path;
    this.title = title;
    this.setting = setting;
  }

  static Scenario of(String name) {
    return Arrays.stream(values())
        .filter(scenario -> scenario.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown scenario " + name + ", there are " + Arrays.toString(values())));
  }

  String path() {
    return path;
  }

  String title() {
    return title;
  }

  /** As many as are asked for, unless these are too many. */
  int connections(int asked) {
    return this == BULK ? Math.min(asked, BULK_CONNECTIONS) : asked;
  }

  Unit unit() {
    return this == BULK ? Unit.MEBIBYTE : Unit.REQUEST;
  }

  /** The script for wrk. */
  String script() {
    return setting + REPORT;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
