package io.httpkit.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.httpkit.channel.ChannelOptions.Compression;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelOptionsTest {
  private static final ChannelOptions DEFAULTS = ChannelOptions.DEFAULTS;
  private static final Duration NEGATIVE = Duration.ofNanos(-1);

  private interface Change extends Function<ChannelOptions, ChannelOptions> {}

  private interface Value extends Function<ChannelOptions, Object> {}

  /** An option, its default, and a change of it. */
  private record Option(Value value, Object byDefault, Change change, Object changed) {}

  private static Stream<Option> options() {
    Duration day = Duration.ofDays(1);
    return Stream.of(
        new Option(
            ChannelOptions::subprotocols,
            List.of(),
            o -> o.withSubprotocols("b", "a"),
            List.of("b", "a")),
        new Option(
            ChannelOptions::allowedOrigins,
            Set.of(),
            o -> o.withAllowedOrigins("https://example.com", "*"),
            Set.of("*", "https://example.com")),
        new Option(ChannelOptions::maxMessage, 4_194_304, o -> o.withMaxMessage(1), 1),
        new Option(ChannelOptions::streamsMessages, false, o -> o.withStreamedMessages(true), true),
        new Option(
            ChannelOptions::compression,
            Compression.EACH_MESSAGE,
            o -> o.withCompression(Compression.OFF),
            Compression.OFF),
        new Option(ChannelOptions::minCompressedBytes, 1024, o -> o.withMinCompressedBytes(0), 0),
        new Option(
            ChannelOptions::pingInterval,
            Duration.ofSeconds(25),
            o -> o.withPingInterval(Duration.ZERO),
            Duration.ZERO),
        new Option(
            ChannelOptions::pongTimeout,
            Duration.ofSeconds(10),
            o -> o.withPongTimeout(Duration.ofNanos(1)),
            Duration.ofNanos(1)),
        new Option(
            ChannelOptions::closeTimeout,
            Duration.ofSeconds(10),
            o -> o.withCloseTimeout(Duration.ofNanos(1)),
            Duration.ofNanos(1)),
        new Option(ChannelOptions::idleTimeout, Duration.ZERO, o -> o.withIdleTimeout(day), day),
        new Option(
            ChannelOptions::heartbeat,
            Duration.ofSeconds(15),
            o -> o.withHeartbeat(Duration.ZERO),
            Duration.ZERO),
        new Option(
            ChannelOptions::slowReader,
            SlowReader.CLOSE,
            o -> o.withSlowReader(SlowReader.WAIT),
            SlowReader.WAIT),
        new Option(ChannelOptions::maxQueuedBytes, 1_048_576L, o -> o.withMaxQueuedBytes(1), 1L));
  }

  @ParameterizedTest
  @MethodSource("options")
  void hasDefault(Option option) {
    assertThat(option.value.apply(DEFAULTS)).isEqualTo(option.byDefault);
  }

  @ParameterizedTest
  @MethodSource("options")
  void changeIsThatOfACopy(Option option) {
    ChannelOptions copy = option.change.apply(DEFAULTS);

    assertThat(option.value.apply(copy)).isEqualTo(option.changed);
    assertThat(option.value.apply(DEFAULTS)).isEqualTo(option.byDefault);
  }

  /** All changes together, in two orders: none touches another's value. */
  @Test
  void changesAreIndependent() {
    List<Option> options = options().toList();
    ChannelOptions forward = DEFAULTS;
    ChannelOptions backward = DEFAULTS;
    for (int i = 0; i < options.size(); i++) {
      forward = options.get(i).change.apply(forward);
      backward = options.get(options.size() - 1 - i).change.apply(backward);
    }

    for (Option option : options) {
      assertThat(option.value.apply(forward)).isEqualTo(option.changed);
      assertThat(option.value.apply(backward)).isEqualTo(option.changed);
    }
  }

  private static Arguments bad(String message, Change change) {
    return Arguments.of(message, change);
  }

  private static Stream<Arguments> badValues() {
    return Stream.of(
        bad("maxMessage must be at least 1 but was 0", o -> o.withMaxMessage(0)),
        bad("maxMessage must be at least 1 but was -5", o -> o.withMaxMessage(-5)),
        bad("minCompressedBytes must be at least 0 but was -1", o -> o.withMinCompressedBytes(-1)),
        bad("maxQueuedBytes must be at least 1 but was 0", o -> o.withMaxQueuedBytes(0)),
        bad(
            "maxQueuedBytes must be at least 1 but was " + Long.MIN_VALUE,
            o -> o.withMaxQueuedBytes(Long.MIN_VALUE)),
        bad(
            "pingInterval must not be negative but was " + NEGATIVE,
            o -> o.withPingInterval(NEGATIVE)),
        bad("pongTimeout must be positive but was PT0S", o -> o.withPongTimeout(Duration.ZERO)),
        bad("pongTimeout must be positive but was " + NEGATIVE, o -> o.withPongTimeout(NEGATIVE)),
        bad("closeTimeout must be positive but was PT0S", o -> o.withCloseTimeout(Duration.ZERO)),
        bad("closeTimeout must be positive but was " + NEGATIVE, o -> o.withCloseTimeout(NEGATIVE)),
        bad(
            "idleTimeout must not be negative but was " + NEGATIVE,
            o -> o.withIdleTimeout(NEGATIVE)),
        bad("heartbeat must not be negative but was " + NEGATIVE, o -> o.withHeartbeat(NEGATIVE)));
  }

  @ParameterizedTest
  @MethodSource("badValues")
  void badValueIsRefusedByItsName(String message, Change change) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> change.apply(DEFAULTS))
        .withMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"example.com", "https://example.com/", "https://a b", ""})
  void originsThatCouldNeverMatchAreRefused(String origin) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DEFAULTS.withAllowedOrigins("https://a", origin))
        .withMessage(
            "allowedOrigins must be * or like https://example.com but one was \"" + origin + '"');
  }

  @Test
  void listsAreCopiesThatDoNotChange() {
    String[] names = {"a", "b"};
    String[] origins = {"https://a", "*"};
    ChannelOptions options = DEFAULTS.withSubprotocols(names).withAllowedOrigins(origins);
    names[0] = "changed";
    origins[0] = "changed";

    assertThat(options.subprotocols()).containsExactly("a", "b");
    assertThat(options.allowedOrigins()).containsExactlyInAnyOrder("https://a", "*");
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> options.subprotocols().clear());
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> options.allowedOrigins().clear());
  }
}
