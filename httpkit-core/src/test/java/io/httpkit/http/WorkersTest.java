package io.httpkit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.httpkit.http.Workers.Kind;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class WorkersTest {
  private static final Executor EXECUTOR = Runnable::run;

  @Test
  void whatDoesNotGoWithTheKindIsNotKept() {
    assertThat(new Workers(Kind.GIVEN, 5, 7, "x", EXECUTOR)).isEqualTo(Workers.given(EXECUTOR));
    assertThat(new Workers(Kind.VIRTUAL, 5, 7, "x", EXECUTOR)).isEqualTo(Workers.virtual(7, "x"));
    assertThat(new Workers(Kind.PLATFORM, 5, 7, "x", EXECUTOR))
        .isEqualTo(Workers.platform(5, 7, "x"));
  }

  @Test
  void whatTheKindNeedsIsThere() {
    assertThatNullPointerException()
        .isThrownBy(() -> new Workers(Kind.GIVEN, 0, 0, "", null))
        .withMessage("executor");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Workers.platform(0, 1, ""))
        .withMessage("threads must be at least 1 but was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Workers.virtual(0, ""))
        .withMessage("queueSize must be at least 1 but was 0");
  }
}
