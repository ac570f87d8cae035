package io.httpkit.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.CloseStatus.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloseStatusTest {
  @ParameterizedTest
  @CsvSource({
    "0, SERVER_CLOSE",
    "-1, CLIENT_CLOSE",
    "1000, NORMAL",
    "1001, GOING_AWAY",
    "1002, PROTOCOL_ERROR",
    "1003, UNSUPPORTED",
    "1005, NO_STATUS_RECEIVED",
    "1006, ABNORMAL",
    "1007, INVALID_PAYLOAD_DATA",
    "1008, POLICY_VIOLATION",
    "1009, MESSAGE_TOO_BIG",
    "1010, MANDATORY_EXTENSION",
    "1011, INTERNAL_SERVER_ERROR",
    "1013, TRY_AGAIN_LATER",
    "1015, TLS_HANDSHAKE"
  })
  void kindAndCodeBelongTogether(int code, Kind kind) {
    CloseStatus status = CloseStatus.of(code, "why");

    assertThat(status).isEqualTo(new CloseStatus(kind, code, "why"));
    assertThat(CloseStatus.of(kind, "why")).isEqualTo(status);
    assertThat(kind.code()).isEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {-2, 1, 999, 1004, 1012, 1014, 1016, 2999, 3000, 4000, 4999, 5000, 65_535, 1 << 31})
  void codeWithoutAKindIsKept(int code) {
    assertThat(CloseStatus.of(code, "why")).isEqualTo(new CloseStatus(Kind.UNKNOWN, code, "why"));
  }

  @ParameterizedTest
  @EnumSource
  void everyKindIsFoundByItsCode(Kind kind) {
    assertThat(CloseStatus.of(kind.code(), "").kind()).isEqualTo(kind);
  }

  @Test
  void textHasTheReasonIfThereIsOne() {
    assertThat(CloseStatus.of(1000, "bye")).hasToString("NORMAL 1000 bye");
    assertThat(CloseStatus.of(4001, "")).hasToString("UNKNOWN 4001");
  }
}
