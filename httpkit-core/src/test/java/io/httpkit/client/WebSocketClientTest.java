package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.ChannelOptions.Compression;
import io.httpkit.channel.CloseStatus;
import io.httpkit.client.ClientException.Kind;
import io.httpkit.client.ScriptedServer.Peer;
import io.httpkit.server.HttpServer;
import io.httpkit.server.Request;
import io.httpkit.server.ServerTls;
import io.httpkit.tls.TestKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets that a client opens. */
@Timeout(60)
class WebSocketClientTest {
  private static final ClientStatistics NONE = new ClientStatistics(0, 0, 0);

  @RegisterExtension final NothingLeft made = new NothingLeft();

  private final ChannelLog log = new ChannelLog();
  private final ChannelLog serverLog = new ChannelLog();

  /** Sends back what comes, and tells what was asked for. */
  private final class Echo implements ChannelListener {
    private final String extensions;

    Echo(Request request) {
      extensions = request.header("Sec-WebSocket-Extensions").orElse("none");
    }

    @Override
    public void onText(AsyncChannel channel, String text) {
      if (text.equals("extensions")) {
        channel.send(extensions);
      } else if (text.startsWith("close ")) {
        channel.close(Integer.parseInt(text.substring(6)), "as asked");
      } else {
        channel.send(text);
      }
    }

    @Override
    public void onBinary(AsyncChannel channel, byte[] bytes) {
      channel.send(bytes);
    }

    @Override
    public void onClose(AsyncChannel channel, CloseStatus status) {
      serverLog.told.add(status);
    }
  }

  private HttpServer echo() throws Exception {
    return made.httpServer(
        request ->
            request.asChannel(options -> options.withSubprotocols("b", "c"), new Echo(request)),
        config -> config);
  }

  private static String url(HttpServer server) {
    return "ws://127.0.0.1:" + server.port() + "/";
  }

  private AsyncChannel open(HttpServer server, UnaryOperator<WebSocketBuilder> options)
      throws InterruptedException {
    return Outcome.of(options.apply(made.client().webSocket(url(server))).open(log));
  }

  private AsyncChannel open(HttpServer server) throws InterruptedException {
    return open(server, builder -> builder);
  }

  // ---- messages

  @ParameterizedTest
  @EnumSource(Compression.class)
  void messagesGoBothWays(Compression compression) throws Exception {
    AsyncChannel channel =
        open(echo(), builder -> builder.options(options -> options.withCompression(compression)));
    String text = "text ".repeat(10_000);
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);

    channel.send("extensions");
    assertThat((String) log.next())
        .startsWith(compression == Compression.OFF ? "none" : "permessage-deflate");
    channel.send(text);
    assertThat(log.next()).isEqualTo(text);
    channel.send(bytes);
    assertThat((byte[]) log.next()).isEqualTo(bytes);
    channel.ping("here".getBytes(StandardCharsets.US_ASCII));
    assertThat(log.next()).isEqualTo("pong here");
  }

  @ParameterizedTest
  @CsvSource(
      value = {"b, b", "'a,c,b', b", "a, null"},
      nullValues = "null")
  void subprotocolIsAgreedOn(String offered, @Nullable String agreed) throws Exception {
    AsyncChannel channel = open(echo(), builder -> builder.subprotocols(offered.split(",")));

    assertThat(channel.subprotocol().orElse(null)).isEqualTo(agreed);
  }

  @Test
  void messagesGoOverTls() throws Exception {
    TestKeys keys = TestKeys.localhost();
    HttpServer server =
        made.httpServer(
            request -> request.asChannel(new Echo(request)),
            config -> config.tls(ServerTls.of(keys.context())));
    HttpClient client =
        made.client(
            config -> config.tls(ClientTls.DEFAULTS.withContext(TestKeys.trustingOnly(keys))));

    AsyncChannel channel =
        Outcome.of(client.webSocket("wss://127.0.0.1:" + server.port() + "/").open(log));
    channel.send("secret");

    assertThat(log.next()).isEqualTo("secret");
  }

  // ---- closing

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001, 1011, 3000, 4999})
  void closeOfTheServerIsTold(int code) throws Exception {
    AsyncChannel channel = open(echo());

    channel.send("close " + code);

    CloseStatus status = log.closed();
    assertThat(status.code()).isEqualTo(code);
    assertThat(status.reason()).isEqualTo("as asked");
    assertThat(channel.isOpen()).isFalse();
    made.events.await(RecordingEvents.Kind.CLOSE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 4000})
  void closeOfTheClientIsTold(int code) throws Exception {
    AsyncChannel channel = open(echo());

    channel.close(code, "bye");

    assertThat(serverLog.closed().code()).isEqualTo(code);
    assertThat(log.closed().code()).isEqualTo(code);
    made.events.await(RecordingEvents.Kind.CLOSE);
  }

  @Test
  void stopOfTheClientSaysThatItGoes() throws Exception {
    HttpServer server = echo();
    HttpClient client = made.client();
    Outcome.of(client.webSocket(url(server)).open(log));

    Outcome.of(client.stop());

    assertThat(serverLog.closed().code()).isEqualTo(1001);
    assertThat(log.told).hasSize(1);
    assertThat(made.events.count(RecordingEvents.Kind.CLOSE)).isEqualTo(1);
  }

  // ---- refusals

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 OK| answers 200",
        "301 Moved Permanently| answers 301",
        "302 Found| answers 302",
        "401 Unauthorized| answers 401",
        "403 Forbidden| answers 403",
        "426 Upgrade| answers 426",
        "500 x| answers 500",
        "503 x| answers 503",
      })
  void otherAnswerIsAFailure(String status, String reason) throws Exception {
    ScriptedServer server = made.server();
    HttpClient client = made.client();
    CompletableFuture<AsyncChannel> opened =
        client.webSocket("ws://" + server.host() + "/").open(log);

    Peer peer = server.accept();
    peer.head();
    peer.send("HTTP/1.1 " + status + "\r\nLocation: /b\r\nContent-Length: 2\r\n\r\nno");

    assertThat(Outcome.failure(opened, Kind.PROTOCOL))
        .hasMessageContaining(server.host())
        .hasMessageContaining("does not open a WebSocket")
        .hasMessageContaining(reason);
    assertThat(log.told).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Sec-WebSocket-Accept: bm90IHRoZSByaWdodCBvbmUgYXQ=\r\n"})
  void wrongAcceptIsAFailure(String accept) throws Exception {
    ScriptedServer server = made.server();
    HttpClient client = made.client();
    CompletableFuture<AsyncChannel> opened =
        client.webSocket("ws://" + server.host() + "/").open(log);

    Peer peer = server.accept();
    peer.head();
    peer.send(
        "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + accept
            + "\r\n");

    assertThat(Outcome.failure(opened, Kind.PROTOCOL))
        .hasMessageContaining(server.host())
        .hasMessageContaining("Sec-WebSocket-Accept");
    peer.expectEof();
    assertThat(client.statistics()).isEqualTo(NONE);
    assertThat(log.told).isEmpty();
  }

  // ---- proxies

  @Test
  void webSocketTakesATunnelThroughTheProxy() throws Exception {
    ScriptedServer proxy = made.server();
    HttpClient client = made.client(config -> config.proxy(Proxy.http("127.0.0.1", proxy.port())));
    CompletableFuture<AsyncChannel> opened = client.webSocket("ws://target.test/chat").open(log);

    Peer peer = proxy.accept();
    assertThat(peer.head()).startsWith("CONNECT target.test:80 ");
    peer.send("HTTP/1.1 200 OK\r\n\r\n");
    assertThat(peer.head()).startsWith("GET /chat ").contains("Host: target.test\r\n");
    peer.send("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");

    assertThat(Outcome.failure(opened, Kind.PROTOCOL)).hasMessageContaining("answers 403");
  }

  // ---- tunnels

  private static final int ALL = Integer.MAX_VALUE;

  private HttpServer tunnelled(boolean tls) throws Exception {
    return made.httpServer(
        request -> request.asChannel(new Echo(request)),
        config -> tls ? config.tls(ServerTls.of(TestKeys.localhost().context())) : config);
  }

  /** Through a proxy that resolves the name, and breaks off behind so many bytes to the client. */
  private Tunnel openThroughTunnel(boolean tls, int backBytes) throws Exception {
    HttpServer target = tunnelled(tls);
    ScriptedServer proxy = made.server();
    HttpClient client =
        made.client(
            config ->
                config
                    .proxy(Proxy.http("127.0.0.1", proxy.port()))
                    .tls(
                        ClientTls.DEFAULTS.withContext(
                            TestKeys.trustingOnly(TestKeys.localhost()))));
    String authority = "localhost:" + target.port();
    CompletableFuture<AsyncChannel> opened =
        client
            .webSocket((tls ? "wss://" : "ws://") + authority + "/")
            .options(options -> options.withCompression(Compression.OFF))
            .open(log);
    Peer peer = proxy.accept();
    assertThat(peer.head()).startsWith("CONNECT " + authority + " HTTP/1.1\r\n");
    peer.send("HTTP/1.1 200 OK\r\n\r\n");
    Relay relay = Relay.between(peer, target.port(), backBytes);
    try {
      return new Tunnel(client, Outcome.of(opened), relay);
    } catch (InterruptedException | AssertionError e) {
      relay.close();
      throw e;
    }
  }

  private record Tunnel(HttpClient client, AsyncChannel channel, Relay relay)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      relay.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void messagesGoBothWaysThroughATunnel(boolean tls) throws Exception {
    try (Tunnel tunnel = openThroughTunnel(tls, ALL)) {
      AsyncChannel channel = tunnel.channel();
      for (int length : new int[] {1, 126, 65_536, 300_000}) {
        String text = "x".repeat(length);
        channel.send(text);
        assertThat(log.next()).isEqualTo(text);
        channel.send(text.getBytes(StandardCharsets.US_ASCII));
        assertThat((byte[]) log.next()).isEqualTo(text.getBytes(StandardCharsets.US_ASCII));
      }
      channel.ping("here".getBytes(StandardCharsets.US_ASCII));
      assertThat(log.next()).isEqualTo("pong here");

      channel.close(4000, "bye");

      assertThat(serverLog.closed().code()).isEqualTo(4000);
      assertThat(log.closed().code()).isEqualTo(4000);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void closeOfTheServerComesThroughATunnel(boolean tls) throws Exception {
    try (Tunnel tunnel = openThroughTunnel(tls, ALL)) {
      tunnel.channel().send("close 3000");

      assertThat(log.closed()).isEqualTo(CloseStatus.of(3000, "as asked"));
      assertThat(tunnel.channel().isOpen()).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void tunnelThatBreaksOffEndsTheChannel(boolean tls, boolean reset) throws Exception {
    try (Tunnel tunnel = openThroughTunnel(tls, ALL)) {
      tunnel.channel().send("here");
      assertThat(log.next()).isEqualTo("here");

      if (reset) {
        tunnel.relay().reset();
      } else {
        tunnel.relay().cut();
      }

      assertThat(log.closed().kind()).isEqualTo(CloseStatus.Kind.ABNORMAL);
      assertThat(serverLog.closed().kind()).isEqualTo(CloseStatus.Kind.ABNORMAL);
      assertThat(tunnel.channel().send("late")).isFalse();
      assertThat(tunnel.client().statistics()).isEqualTo(NONE);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void messageThatATunnelBreaksOffIsNotTold(boolean tls) throws Exception {
    try (Tunnel tunnel = openThroughTunnel(tls, 50_000)) {
      tunnel.channel().send("x".repeat(100_000));

      assertThat(log.closed().kind()).isEqualTo(CloseStatus.Kind.ABNORMAL);
    }
  }
}
