package io.httpkit.benchmarks.clients;

import java.util.Arrays;
import java.util.Locale;

/** A client to measure. */
public enum ClientPeer {
  /** This client, which completes futures on its workers. */
  HTTPKIT,
  /** This client, which completes futures on its event loops. */
  HTTPKIT_LOOP,
  JDK,
  APACHE,
  OKHTTP,
  VERTX,
  REACTOR_NETTY;

  /** Finds it by its name. */
  public static ClientPeer of(String name) {
    return Arrays.stream(values())
        .filter(peer -> peer.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown client " + name + ", there are " + Arrays.toString(values())));
  }

  /**
   * Opens it.
   *
   * @param url that each request is for
   * @param inFlight requests at a time, for which it may have as many connections
   */
  Getter open(String url, int inFlight) {
    return switch (this) {
      case HTTPKIT -> KitGetter.onWorkers(url);
      case HTTPKIT_LOOP -> KitGetter.onLoops(url);
      case JDK -> new JdkGetter(url);
      case APACHE -> new ApacheGetter(url, inFlight);
      case OKHTTP -> new OkHttpGetter(url, inFlight);
      case VERTX -> new VertxGetter(url, inFlight);
      case REACTOR_NETTY -> new ReactorNettyGetter(url, inFlight);
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
