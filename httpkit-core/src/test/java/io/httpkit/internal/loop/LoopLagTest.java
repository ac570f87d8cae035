package io.httpkit.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoopLagTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final LoopLag lag = new LoopLag(0);

  private void measure(long atNanos, long takes) {
    assertThat(lag.ask(atNanos)).isTrue();
    lag.answer(atNanos + takes);
  }

  @Test
  void isTheLongestOfLate() {
    measure(SECOND, 5);
    measure(2 * SECOND, 70);
    measure(3 * SECOND, 6);

    assertThat(lag.nanos(4 * SECOND)).isEqualTo(70);
  }

  @Test
  void isForgottenAfterTwoMinutes() {
    measure(SECOND, 70);
    measure(60 * SECOND, 5);
    assertThat(lag.nanos(60 * SECOND)).isEqualTo(70);
    measure(119 * SECOND, 6);
    measure(121 * SECOND, 4);

    assertThat(lag.nanos(121 * SECOND)).isEqualTo(6);
  }

  @Test
  void growsWhileTheLoopDoesNotCome() {
    measure(SECOND, 5);
    assertThat(lag.ask(2 * SECOND)).isTrue();
    assertThat(lag.ask(3 * SECOND)).as("is still to come").isFalse();

    assertThat(lag.nanos(4 * SECOND)).isEqualTo(2 * SECOND);
    lag.answer(5 * SECOND);
    assertThat(lag.nanos(9 * SECOND)).isEqualTo(3 * SECOND);
  }
}
