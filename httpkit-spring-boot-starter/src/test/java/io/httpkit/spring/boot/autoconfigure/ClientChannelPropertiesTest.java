package io.httpkit.spring.boot.autoconfigure;

import static io.httpkit.spring.boot.autoconfigure.PropertyRow.behaviour;
import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.client.HttpClient;
import io.httpkit.spring.boot.autoconfigure.ChannelPropertiesTest.Flood;
import io.httpkit.spring.boot.support.Http;
import io.httpkit.spring.boot.support.Peer;
import io.httpkit.spring.boot.support.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What the properties of the client's WebSockets do, with a server that does what a test says. */
@Timeout(60)
class ClientChannelPropertiesTest {
  private static final String FORBIDDEN = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";
  private static final String DEFLATE =
      "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover;"
          + " server_no_context_takeover\r\n";
  private static final String TEXT = "\u0081\5hello";
  private static final String BEGIN = "\u0001\5hello";
  private static final int PING = 0x89;
  private static final int CLOSE = 0x88;

  private final Peer peer = new Peer();

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  SslAutoConfiguration.class, HttpKitClientAutoConfiguration.class))
          .withBean(Peer.class, () -> peer);

  /** What the client does once its WebSocket is open. */
  @FunctionalInterface
  private interface OpenCheck {
    void run(AsyncChannel channel, Wire wire) throws Exception;
  }

  static Stream<PropertyRow> rows() {
    return Stream.of(handshakes(), messages(), timeouts(), slowReaders())
        .flatMap(Collection::stream);
  }

  private static List<PropertyRow> handshakes() {
    return List.of(
        handshake(
            "subprotocols=b,a", head -> assertThat(head).contains("Sec-WebSocket-Protocol: b, a")),
        handshake(
            "compression=off",
            head -> assertThat(head).doesNotContain("Sec-WebSocket-Extensions")));
  }

  private static List<PropertyRow> messages() {
    return List.of(
        closes("max-message=4B", TEXT, 1009),
        open(
            "streamed-messages=true",
            (channel, wire) -> {
              wire.send(TEXT);
              assertThat(frame(wire, 0x81)).isEqualTo("part");
            }),
        open(
            "min-compressed-bytes=1",
            (channel, wire) -> {
              channel.send("aaaaaaaaaa");
              assertThat(wire.read()).as("RSV1, which says compressed").isEqualTo(0xC1);
            }));
  }

  private static List<PropertyRow> timeouts() {
    return List.of(
        open("ping-interval=100ms", (channel, wire) -> assertThat(wire.read()).isEqualTo(PING)),
        open(
            "pong-timeout=100ms",
            (channel, wire) -> assertThat(wire.rest()).isNotEmpty(),
            "httpkit.client.channels.ping-interval=100ms"),
        open(
            "close-timeout=100ms",
            (channel, wire) -> {
              channel.close();
              assertThat(wire.rest()).isNotEmpty();
            }),
        closes("message-timeout=100ms", BEGIN, 1008),
        closes("idle-timeout=100ms", "", 1001));
  }

  private static List<PropertyRow> slowReaders() {
    String uncompressed = "httpkit.client.channels.compression=off";
    return List.of(
        open(
            "slow-reader=drop",
            (channel, wire) -> {
              Flood flood = Flood.over(channel);
              assertThat(flood.sent()).isLessThan(Flood.ALL);
              assertThat(flood.isOpen()).isTrue();
            },
            uncompressed),
        open(
            "max-queued-bytes=100MB",
            (channel, wire) ->
                assertThat(Flood.over(channel)).isEqualTo(new Flood(Flood.ALL, true)),
            uncompressed));
  }

  private static PropertyRow handshake(String setting, Consumer<String> check) {
    return behaviour(
        "httpkit.client.channels." + setting,
        context -> {
          Peer server = context.getBean(Peer.class);
          CompletableFuture<String> head = server.answer(FORBIDDEN);
          var unused = open(context.getBean(HttpClient.class), server, new ChannelListener() {});
          check.accept(await(head));
        });
  }

  /** The server agrees to a WebSocket. */
  private static PropertyRow open(String setting, OpenCheck check, String... others) {
    return behaviour(
        "httpkit.client.channels." + setting,
        context -> {
          Peer server = context.getBean(Peer.class);
          CompletableFuture<AsyncChannel> opening =
              open(context.getBean(HttpClient.class), server, new ChannelPropertiesTest.Echo());
          try (Wire wire = server.accept()) {
            wire.send(agreed(wire.head()));
            check.run(await(opening), wire);
          }
        },
        others);
  }

  /** The server sends something, and sees the WebSocket closed with this code. */
  private static PropertyRow closes(String setting, String sent, int code) {
    return open(
        setting,
        (channel, wire) -> {
          wire.send(sent);
          String payload = frame(wire, CLOSE);
          assertThat(payload.charAt(0) << 8 | payload.charAt(1)).isEqualTo(code);
        });
  }

  private static CompletableFuture<AsyncChannel> open(
      HttpClient client, Peer server, ChannelListener listener) {
    return client.webSocket("ws://127.0.0.1:" + server.port() + "/").open(listener);
  }

  /** The answer to a handshake. RFC 6455 §4.2.2. */
  private static String agreed(String head) throws Exception {
    Matcher key = Pattern.compile("Sec-WebSocket-Key: (\\S+)").matcher(head);
    assertThat(key.find()).isTrue();
    byte[] accepted =
        MessageDigest.getInstance("SHA-1")
            .digest(
                (key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                    .getBytes(StandardCharsets.US_ASCII));
    return "HTTP/1.1 101 Switching Protocols\r\n"
        + "Connection: Upgrade\r\n"
        + "Upgrade: websocket\r\n"
        + (head.contains("permessage-deflate") ? DEFLATE : "")
        + "Sec-WebSocket-Accept: "
        + Base64.getEncoder().encodeToString(accepted)
        + "\r\n\r\n";
  }

  /** What is in a short frame of the client, which is masked, and begins with this byte. */
  private static String frame(Wire wire, int first) throws IOException {
    assertThat(wire.read()).isEqualTo(first);
    int length = wire.read() & 0x7F;
    String mask = wire.text(4);
    String masked = wire.text(length);
    StringBuilder payload = new StringBuilder();
    for (int i = 0; i < length; i++) {
      payload.append((char) (masked.charAt(i) ^ mask.charAt(i % 4)));
    }
    return payload.toString();
  }

  private static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(Http.LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void changesWhatWebSocketsOfTheClientDo(PropertyRow row) {
    runner.withPropertyValues(row.assignments()).run(row::verify);
  }
}
