package io.httpkit.spring.boot.actuate;

import io.httpkit.http.Workers;
import java.util.Locale;
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
    boolean isGiven = workers.kind() == Workers.Kind.GIVEN;
    return new WorkersDescription(
        workers.kind().name().toLowerCase(Locale.ROOT),
        workers.kind() == Workers.Kind.PLATFORM ? workers.threads() : null,
        isGiven ? null : workers.queueSize());
  }
}
