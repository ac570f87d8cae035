package io.httpkit.internal.codec.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import io.httpkit.internal.codec.websocket.DeflateAgreement.Sender;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ClientHandshakeTest {
  private static final byte[] NONCE = "the sample nonce".getBytes(StandardCharsets.US_ASCII);
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
  private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
  private static final String EXTENSIONS = "Sec-WebSocket-Extensions";
  private static final String PROTOCOL = "Sec-WebSocket-Protocol";

  private static ClientHandshake handshake(
      @Nullable DeflateAgreement offered, String... subprotocols) {
    return new ClientHandshake(NONCE, List.of(subprotocols), offered, null);
  }

  private static Headers request(ClientHandshake handshake, String... others) {
    Headers.Builder request = Headers.of(others).toBuilder();
    handshake.putInto(request);
    return request.build();
  }

  private static Headers.Builder good() {
    return Headers.of(
        "Upgrade", "WebSocket", "Connection", "upgrade", "Sec-WebSocket-Accept", ACCEPT)
        .toBuilder();
  }

  // ---- the request

  @Test
  void asksAsAServerWantsIt() {
    Headers request = request(handshake(null), "Host", "a");

    assertThat(request)
        .isEqualTo(
            Headers.of(
                "Host", "a",
                "Upgrade", "websocket",
                "Connection", "Upgrade",
                "Sec-WebSocket-Version", "13",
                "Sec-WebSocket-Key", KEY));
    ServerHandshake.check(Method.GET, true, request);
  }

  @Test
  void offersSubprotocolsEachOnceAndCompressionAndSaysWhereItComesFrom() {
    ClientHandshake handshake =
        new ClientHandshake(
            NONCE, List.of("b", "a", "b"), DeflateAgreement.offer(true), "https://example.com");
    Headers request = request(handshake);

    assertThat(request.all(PROTOCOL)).containsExactly("b, a");
    assertThat(request.all(EXTENSIONS))
        .containsExactly("permessage-deflate; client_max_window_bits");
    assertThat(request.all("Origin")).containsExactly("https://example.com");
  }

  @Test
  void offersToKeepNoContext() {
    assertThat(request(handshake(DeflateAgreement.offer(false))).all(EXTENSIONS))
        .containsExactly(
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover;"
                + " client_max_window_bits");
  }

  @Test
  void replacesFieldsOfTheSameNames() {
    Headers request =
        request(
            handshake(null),
            "Sec-WebSocket-Key",
            "x",
            "Connection",
            "close",
            PROTOCOL,
            "chat",
            EXTENSIONS,
            "permessage-deflate",
            "Origin",
            "http://kept");

    assertThat(request.all("Sec-WebSocket-Key")).containsExactly(KEY);
    assertThat(request.all("Connection")).containsExactly("Upgrade");
    assertThat(request.contains(PROTOCOL)).isFalse();
    assertThat(request.contains(EXTENSIONS)).isFalse();
    assertThat(request.all("Origin")).containsExactly("http://kept");
  }

  @Test
  void refusesKeysOfAnotherLength() {
    for (int length : new int[] {0, 15, 17}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new ClientHandshake(new byte[length], List.of(), null, null))
          .withMessageContaining(String.valueOf(length));
    }
  }

  // ---- the answer

  static Stream<Headers> opening() {
    return Stream.of(
        good().build(),
        good().set("Upgrade", "websocket").set("Connection", "Upgrade").build(),
        good().set("Connection", "keep-alive, UpGrade").build(),
        good().set("Connection", "keep-alive").add("Connection", "upgrade").build(),
        good().add("Server", "x").build());
  }

  @ParameterizedTest
  @MethodSource("opening")
  void opensWithAGoodAnswer(Headers answer) {
    for (ClientHandshake handshake :
        List.of(handshake(null, "chat"), handshake(DeflateAgreement.offer(true)))) {
      handshake.check(answer);
      assertThat(handshake.subprotocol(answer)).isNull();
      assertThat(handshake.deflate(answer)).isNull();
    }
  }

  static Stream<Arguments> wrong() {
    String accept = "Sec-WebSocket-Accept does not fit the key that was sent";
    String upgrade = "Upgrade of the answer must be websocket";
    String connection = "Connection of the answer must name upgrade";
    String protocol = "Sec-WebSocket-Protocol of the answer must be one of those that were offered";
    return Stream.of(
        Arguments.of(upgrade, good().remove("Upgrade")),
        Arguments.of(upgrade, good().set("Upgrade", "h2c")),
        Arguments.of(upgrade, good().set("Upgrade", "websocket, h2c")),
        Arguments.of(upgrade, good().set("Upgrade", "websocket/13")),
        Arguments.of(upgrade, good().add("Upgrade", "websocket")),
        Arguments.of(connection, good().remove("Connection")),
        Arguments.of(connection, good().set("Connection", "keep-alive")),
        Arguments.of(connection, good().set("Connection", "upgraded")),
        Arguments.of(accept, good().remove("Sec-WebSocket-Accept")),
        Arguments.of(accept, good().set("Sec-WebSocket-Accept", KEY)),
        Arguments.of(accept, good().set("Sec-WebSocket-Accept", ACCEPT.toLowerCase(Locale.ROOT))),
        Arguments.of(accept, good().set("Sec-WebSocket-Accept", ACCEPT + "=")),
        Arguments.of(accept, good().set("Sec-WebSocket-Accept", ACCEPT.substring(0, 27))),
        Arguments.of(accept, good().add("Sec-WebSocket-Accept", ACCEPT)),
        Arguments.of(protocol, good().set(PROTOCOL, "chat3")),
        Arguments.of(protocol, good().set(PROTOCOL, "Chat")),
        Arguments.of(protocol, good().set(PROTOCOL, "chat, chat2")),
        Arguments.of(protocol, good().set(PROTOCOL, "")),
        Arguments.of(protocol, good().set(PROTOCOL, "chat").add(PROTOCOL, "chat")));
  }

  private static @Nullable DeflateAgreement answered(ClientHandshake handshake, Headers answer) {
    handshake.check(answer);
    String unused = handshake.subprotocol(answer);
    return handshake.deflate(answer);
  }

  private static void assertRefused(
      ClientHandshake handshake, Headers.Builder answer, String message) {
    assertThatExceptionOfType(WebSocketException.class)
        .isThrownBy(() -> answered(handshake, answer.build()))
        .withMessage(message)
        .satisfies(e -> assertThat(e.closeCode()).isEqualTo(1002));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void refusesAWrongAnswerAndSaysWhy(String message, Headers.Builder answer) {
    assertRefused(handshake(null, "chat", "chat2"), answer, message);
  }

  @Test
  void refusesTheAnswerToAnotherKey() {
    ClientHandshake other = new ClientHandshake(new byte[16], List.of(), null, null);

    assertRefused(other, good(), "Sec-WebSocket-Accept does not fit the key that was sent");
  }

  @Test
  void takesTheSubprotocolThatTheServerChose() {
    ClientHandshake handshake = handshake(null, "chat", "chat2");
    Headers answer = good().set(PROTOCOL, "chat2").build();

    handshake.check(answer);
    assertThat(handshake.subprotocol(answer)).isEqualTo("chat2");
    assertThat(handshake.deflate(answer)).isNull();
    assertRefused(
        handshake(null),
        good().set(PROTOCOL, "chat"),
        "Sec-WebSocket-Protocol of the answer must be one of those that were offered");
  }

  // ---- compression

  private static DeflateAgreement agreed(boolean keepsContext, String extensions) {
    Headers answer = good().set(EXTENSIONS, extensions).build();
    return Objects.requireNonNull(
        answered(handshake(DeflateAgreement.offer(keepsContext)), answer), "no agreement");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          permessage-deflate | true | 15 | true | 15
          permessage-deflate; server_no_context_takeover | false | 15 | true | 15
          permessage-deflate; client_no_context_takeover | true | 15 | false | 15
          permessage-deflate;client_no_context_takeover ; server_no_context_takeover | false | 15 | false | 15
          permessage-deflate; server_max_window_bits=8 | true | 8 | true | 15
          permessage-deflate; server_max_window_bits="15" | true | 15 | true | 15
          permessage-deflate; client_max_window_bits=15 | true | 15 | true | 15
          permessage-deflate; client_max_window_bits=9 | true | 15 | false | 9
          permessage-deflate; client_max_window_bits=8; server_max_window_bits=12 | true | 12 | false | 8
          """)
  void agreesToWhatTheServerSays(
      String answer, boolean serverKeeps, int serverBits, boolean clientKeeps, int clientBits) {
    DeflateAgreement agreed = agreed(true, answer);

    assertThat(agreed.server()).isEqualTo(new Sender(serverKeeps, serverBits));
    assertThat(agreed.client()).isEqualTo(new Sender(clientKeeps, clientBits));
    assertThat(agreed.sender(Role.CLIENT)).isEqualTo(agreed.client());
    assertThat(agreed.sender(Role.SERVER)).isEqualTo(agreed.server());
  }

  @Test
  void keepsNoContextIfItOfferedNone() {
    String none = "permessage-deflate; server_no_context_takeover";

    assertThat(agreed(false, none).client().keepsContext()).isFalse();
    assertThat(agreed(false, none + "; client_no_context_takeover").client().keepsContext())
        .isFalse();
    assertRefused(
        handshake(DeflateAgreement.offer(false)),
        good().set(EXTENSIONS, "permessage-deflate; client_no_context_takeover"),
        "Sec-WebSocket-Extensions of the answer lacks server_no_context_takeover,"
            + " which was asked for");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          x-webkit-deflate-frame | names an extension that was not offered
          Permessage-Deflate | names an extension that was not offered
          permessage-deflate, other | names an extension that was not offered
          permessage-deflate, permessage-deflate | names an extension that was not offered
          permessage-deflate; server_no_context_takeover=1 | gives server_no_context_takeover a value
          permessage-deflate; client_no_context_takeover=true | gives client_no_context_takeover a value
          permessage-deflate; server_max_window_bits | must give server_max_window_bits 8 to 15
          permessage-deflate; server_max_window_bits=7 | must give server_max_window_bits 8 to 15
          permessage-deflate; server_max_window_bits=16 | must give server_max_window_bits 8 to 15
          permessage-deflate; server_max_window_bits=08 | must give server_max_window_bits 8 to 15
          permessage-deflate; client_max_window_bits | must give client_max_window_bits 8 to 15
          permessage-deflate; client_max_window_bits=x | must give client_max_window_bits 8 to 15
          permessage-deflate; client_max_window_bits=99999999999 | must give client_max_window_bits 8 to 15
          permessage-deflate; mode=1 | has an unknown parameter of permessage-deflate
          permessage-deflate; server_no_context_takeover; server_no_context_takeover | has a parameter of permessage-deflate twice
          permessage-deflate; client_max_window_bits=9; client_max_window_bits=9 | has a parameter of permessage-deflate twice
          permessage-deflate; | is malformed
          permessage-deflate server_no_context_takeover | is malformed
          permessage-deflate; server_max_window_bits= | is malformed
          permessage-deflate; server_max_window_bits="10 | is malformed
          , | is malformed
          """)
  void refusesAWrongAnswerToItsOffer(String answer, String why) {
    String message = "Sec-WebSocket-Extensions of the answer " + why;

    assertRefused(handshake(DeflateAgreement.offer(true)), good().set(EXTENSIONS, answer), message);
  }

  @Test
  void refusesExtensionsOnSeveralLinesToo() {
    assertRefused(
        handshake(DeflateAgreement.offer(true)),
        good().add(EXTENSIONS, "permessage-deflate").add(EXTENSIONS, "permessage-deflate"),
        "Sec-WebSocket-Extensions of the answer names an extension that was not offered");
    assertRefused(
        handshake(null),
        good().add(EXTENSIONS, "permessage-deflate"),
        "Sec-WebSocket-Extensions of the answer names an extension that was not offered");
    assertRefused(
        handshake(null),
        good().add(EXTENSIONS, ""),
        "Sec-WebSocket-Extensions of the answer is malformed");
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void bothEndsAgree(boolean clientIsWilling, boolean serverIsWilling) {
    ClientHandshake handshake = handshake(DeflateAgreement.offer(clientIsWilling));
    DeflateAgreement ofServer = DeflateAgreement.negotiate(request(handshake), serverIsWilling);
    Objects.requireNonNull(ofServer);

    assertThat(agreed(clientIsWilling, ofServer.toHeader())).isEqualTo(ofServer);
    assertThat(ofServer.server().keepsContext()).isEqualTo(clientIsWilling && serverIsWilling);
    assertThat(ofServer.client().keepsContext()).isEqualTo(clientIsWilling && serverIsWilling);
  }
}
