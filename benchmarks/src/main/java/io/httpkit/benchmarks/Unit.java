package io.httpkit.benchmarks;

/** What is counted. */
enum Unit {
  REQUEST("request", "requests"),
  MEBIBYTE("MiB", "MiB"),
  MESSAGE("message", "messages"),
  /** A message that one of many has got. */
  DELIVERY("delivery", "deliveries");

  private final String one;
  private final String many;

  Unit(String one, String many) {
    this.one = one;
    this.many = many;
  }

  String one() {
    return one;
  }

  String many() {
    return many;
  }
}
