package io.httpkit.sample.upstreams;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What came of asking an upstream.
 *
 * @param millis how long that took
 * @param body what it answered, if that came in time
 * @param reason why nothing came, if it failed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record UpstreamAnswer(
    String name, Outcome outcome, long millis, @Nullable String body, @Nullable String reason) {
  enum Outcome {
    OK,
    TIMEOUT,
    FAILED;

    @JsonValue
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static UpstreamAnswer ok(String name, long millis, String body) {
    return new UpstreamAnswer(name, Outcome.OK, millis, body, null);
  }

  static UpstreamAnswer timeout(String name, long millis) {
    return new UpstreamAnswer(name, Outcome.TIMEOUT, millis, null, null);
  }

  static UpstreamAnswer failed(String name, long millis, String reason) {
    return new UpstreamAnswer(name, Outcome.FAILED, millis, null, reason);
  }
}
