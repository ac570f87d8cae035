package io.httpkit.spring.boot.actuate;

import io.httpkit.server.ServerConfig.Workers;
import org.jspecify.annotations.Nullable;

/**
 * What handlers run on, as {@link HttpKitEndpoint} shows it.
 *
 * @param kind {@code platform}, {@code virtual}, or {@code given}: an executor of the application
 * @param threads how many there are; null unless the server has a number of its own
 * @param queueSize requests that may wait, or with virtual threads be in progress; null if only the
 *     executor knows
 */
public record WorkersDescription(
    String kind, @Nullable Integer threads, @Nullable Integer queueSize) {
  static WorkersDescription of(Workers workers) {
    if (workers instanceof Workers.Platform platform) {
      return new WorkersDescription("platform", platform.threads(), platform.queueSize());
    }
    if (workers instanceof Workers.Virtual virtual) {
      return new WorkersDescription("virtual", null, virtual.queueSize());
    }
    return new WorkersDescription("given", null, null);
  }
}
