package io.httpkit.spring.boot.autoconfigure;

import static io.httpkit.spring.boot.autoconfigure.PropertyRow.behaviour;
import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.server.Handler;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import io.httpkit.spring.boot.support.Http;
import io.httpkit.spring.boot.support.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What the properties of channels do, seen from the wire. */
@Timeout(60)
class ChannelPropertiesTest {
  /** Of zeros, so that masked is as it was. */
  private static final String MASK = "\0\0\0\0";

  private static final String TEXT = "\u0081\u0085" + MASK + "hello";
  private static final String BEGIN = "\u0001\u0085" + MASK + "hello";
  private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate";
  private static final int PING = 0x89;
  private static final int CLOSE = 0x88;
  private static final int MEGABYTE = 1024 * 1024;

  /** How a flood of messages to a peer that does not read ended. */
  record Flood(int sent, boolean isOpen) {
    /** How many messages are sent unless one is refused: far more than the system buffers. */
    static final int ALL = 40;

    static Flood over(AsyncChannel channel) {
      byte[] message = new byte[MEGABYTE];
      int sent = 0;
      while (sent < ALL && channel.send(message)) {
        sent++;
      }
      return new Flood(sent, channel.isOpen());
    }
  }

  private final CompletableFuture<Flood> flood = new CompletableFuture<>();

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(HttpKitServerAutoConfiguration.class))
          .withBean(Handler.class, () -> this::answer)
          .withBean(CompletableFuture.class, () -> flood)
          .withPropertyValues("httpkit.port=0");

  private Response answer(Request request) {
    return switch (request.path()) {
      case "/events" -> request.asEventStream(channel -> {});
      case "/hello" -> request.asChannel(channel -> channel.send("aaaaaaaaaa"));
      case "/bye" -> request.asChannel(channel -> channel.close());
      case "/flood" -> request.asChannel(channel -> flood.complete(Flood.over(channel)));
      default -> request.asChannel(new Echo());
    };
  }

  /** Says how a message came. */
  static final class Echo implements ChannelListener {
    @Override
    public void onText(AsyncChannel channel, String text) {
      channel.send("whole");
    }

    @Override
    public void onPart(AsyncChannel channel, ByteBuffer bytes, boolean isText, boolean isLast) {
      channel.send("part");
    }
  }

  static Stream<PropertyRow> rows() {
    return Stream.of(handshakes(), messages(), timeouts(), slowReaders())
        .flatMap(Collection::stream);
  }

  private static List<PropertyRow> handshakes() {
    return List.of(
        handshake(
            "httpkit.channels.subprotocols=b,a",
            "Sec-WebSocket-Protocol: b\r\n",
            "Sec-WebSocket-Protocol: a, b"),
        handshake(
            "httpkit.channels.allowed-origins=https://else.example",
            " 101 ",
            "Origin: https://else.example"),
        behaviour(
            "httpkit.channels.compression=off",
            context -> {
              try (Wire wire = open(context, "/", DEFLATE)) {
                assertThat(wire.head()).contains(" 101 ").doesNotContain("permessage-deflate");
              }
            }));
  }

  private static PropertyRow handshake(String setting, String contained, String line) {
    return behaviour(
        setting,
        context -> {
          try (Wire wire = open(context, "/", line)) {
            assertThat(wire.head()).contains(contained);
          }
        });
  }

  private static List<PropertyRow> messages() {
    return List.of(
        closes("max-message=4B", TEXT, 1009),
        frame("streamed-messages=true", TEXT, "\u0081\4part"),
        behaviour(
            "httpkit.channels.min-compressed-bytes=1",
            context -> {
              try (Wire wire = open(context, "/hello", DEFLATE)) {
                assertThat(wire.head()).contains("permessage-deflate");
                assertThat(wire.read()).as("RSV1, which says compressed").isEqualTo(0xC1);
              }
            }));
  }

  private static List<PropertyRow> timeouts() {
    return List.of(
        frame("ping-interval=100ms", "", String.valueOf((char) PING)),
        ends("pong-timeout=100ms", "/", "httpkit.channels.ping-interval=100ms"),
        ends("close-timeout=100ms", "/bye"),
        closes("message-timeout=100ms", BEGIN, 1008),
        closes("idle-timeout=100ms", "", 1001),
        behaviour(
            "httpkit.channels.heartbeat=100ms",
            context -> {
              try (Wire wire = Wire.to(port(context))) {
                wire.request("GET /events HTTP/1.0", "Host: localhost");
                wire.head();
                assertThat(wire.read()).isEqualTo(':');
              }
            }));
  }

  private static List<PropertyRow> slowReaders() {
    return List.of(
        behaviour(
            "httpkit.channels.slow-reader=drop",
            context -> {
              Flood flood = flood(context);
              assertThat(flood.sent()).isLessThan(Flood.ALL);
              assertThat(flood.isOpen()).isTrue();
            }),
        behaviour(
            "httpkit.channels.max-queued-bytes=100MB",
            context -> assertThat(flood(context)).isEqualTo(new Flood(Flood.ALL, true))));
  }

  private static Flood flood(AssertableApplicationContext context) throws Exception {
    try (Wire wire = open(context, "/flood")) {
      assertThat(wire.head()).contains(" 101 ");
      return (Flood)
          context.getBean(CompletableFuture.class).get(Http.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
  }

  /** Sends something over a WebSocket, and sees these characters first. */
  private static PropertyRow frame(String setting, String sent, String expected) {
    return behaviour(
        "httpkit.channels." + setting,
        context -> {
          try (Wire wire = open(context, "/")) {
            wire.head();
            wire.send(sent);
            assertThat(wire.text(expected.length())).isEqualTo(expected);
          }
        });
  }

  /** Answers nothing, and sees the server close. */
  private static PropertyRow ends(String setting, String path, String... others) {
    return behaviour(
        "httpkit.channels." + setting,
        context -> {
          try (Wire wire = open(context, path)) {
            assertThat(wire.rest()).contains(" 101 ");
          }
        },
        others);
  }

  /** Sends something over a WebSocket, and sees it closed with this code. */
  private static PropertyRow closes(String setting, String sent, int code) {
    return behaviour(
        "httpkit.channels." + setting,
        context -> {
          try (Wire wire = open(context, "/")) {
            wire.head();
            wire.send(sent);
            assertThat(wire.read()).isEqualTo(CLOSE);
            assertThat(wire.read()).as("length, with a reason").isGreaterThanOrEqualTo(2);
            assertThat(wire.read() << 8 | wire.read()).isEqualTo(code);
          }
        });
  }

  private static Wire open(AssertableApplicationContext context, String path, String... lines)
      throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                "GET " + path + " HTTP/1.1",
                "Host: localhost",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="));
    all.addAll(List.of(lines));
    return Wire.to(port(context)).request(all.toArray(String[]::new));
  }

  private static int port(AssertableApplicationContext context) {
    return context.getBean(HttpKitWebServer.class).getPort();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void changesWhatChannelsDo(PropertyRow row) {
    runner.withPropertyValues(row.assignments()).run(row::verify);
  }
}
