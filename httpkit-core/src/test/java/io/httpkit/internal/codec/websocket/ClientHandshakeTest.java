package io.httpkit.internal.codec.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ClientHandshakeTest {
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
  private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

  private static Headers.Builder good() {
    return Headers.of(
        "Upgrade", "WebSocket", "Connection", "upgrade", "Sec-WebSocket-Accept", ACCEPT)
        .toBuilder();
  }

  @Test
  void makesAKeyThatAServerAccepts() {
    byte[] nonce = "the sample nonce".getBytes(StandardCharsets.US_ASCII);
    String key = ClientHandshake.newKey(nonce);

    assertThat(key).isEqualTo(KEY);
    ServerHandshake.check(
        Method.GET,
        true,
        Headers.of(
            "Upgrade", "websocket",
            "Connection", "Upgrade",
            "Sec-WebSocket-Key", key,
            "Sec-WebSocket-Version", "13"));
    assertThatIllegalArgumentException().isThrownBy(() -> ClientHandshake.newKey(new byte[15]));
  }

  @Test
  void acceptsTheAnswerToItsKey() {
    assertThat(ClientHandshake.accepts(KEY, good().build())).isTrue();
  }

  @Test
  void refusesOtherAnswers() {
    Headers[] others = {
      good().remove("Upgrade").build(),
      good().set("Upgrade", "h2c").build(),
      good().remove("Connection").build(),
      good().set("Connection", "keep-alive").build(),
      good().remove("Sec-WebSocket-Accept").build(),
      good().set("Sec-WebSocket-Accept", KEY).build(),
      good().set("Sec-WebSocket-Accept", ACCEPT.toLowerCase(Locale.ROOT)).build(),
      good().add("Sec-WebSocket-Accept", ACCEPT).build(),
    };

    assertThat(others).noneMatch(headers -> ClientHandshake.accepts(KEY, headers));
    assertThat(ClientHandshake.accepts("AAAAAAAAAAAAAAAAAAAAAA==", good().build())).isFalse();
  }
}
