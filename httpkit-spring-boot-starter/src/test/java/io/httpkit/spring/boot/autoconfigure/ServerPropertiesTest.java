package io.httpkit.spring.boot.autoconfigure;

import static io.httpkit.spring.boot.autoconfigure.PropertyRow.behaviour;
import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.http.Status;
import io.httpkit.http.Workers;
import io.httpkit.server.Handler;
import io.httpkit.server.HttpServer;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.server.ServerConfig;
import io.httpkit.server.ServerEvents;
import io.httpkit.spring.boot.autoconfigure.PropertyRow.Check;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import io.httpkit.spring.boot.support.Gate;
import io.httpkit.spring.boot.support.Http;
import io.httpkit.spring.boot.support.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What the properties of the server do. */
@Timeout(60)
class ServerPropertiesTest {
  private static final String GET = "GET / HTTP/1.1";
  private static final String HOST = "Host: localhost";
  private static final String POST = "POST / HTTP/1.1";
  private static final String CHUNKED = "Transfer-Encoding: chunked";
  private static final String SOCKET = "target/properties.sock";
  private static final int LARGE = 64 * 1024 * 1024;

  private final Signals signals = new Signals();

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(HttpKitServerAutoConfiguration.class))
          .withBean(Handler.class, () -> this::answer)
          .withBean(Signals.class, () -> signals)
          .withPropertyValues("httpkit.port=0");

  /** What has happened. */
  static final class Signals implements ServerEvents {
    final Gate gate = new Gate();
    final CountDownLatch paused = new CountDownLatch(1);
    final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public void onAcceptPaused(@Nullable Throwable cause) {
      paused.countDown();
    }

    @Override
    public void onClose(@Nullable SocketAddress remote) {
      closed.countDown();
    }
  }

  private Response answer(Request request) throws Exception {
    return switch (request.path()) {
      case "/thread" -> Response.text(Thread.currentThread().toString());
      case "/gate" -> signals.gate.handle(request);
      case "/header" -> Response.of(Status.OK).withHeader("X-Long", "x".repeat(300));
      case "/query" -> Response.text(request.query("a").orElse(""));
      case "/cookies" -> Response.text(request.cookies().toString());
      case "/large" -> Response.bytes(new byte[LARGE]);
      default -> Response.text(request.text());
    };
  }

  static Stream<PropertyRow> rows() {
    return Stream.of(addresses(), workers(), limits(), timeouts(), headers())
        .flatMap(Collection::stream);
  }

  private static List<PropertyRow> addresses() {
    return List.of(
        behaviour(
            "httpkit.enabled=false",
            context -> assertThat(context).doesNotHaveBean(HttpKitWebServer.class)),
        behaviour("httpkit.auto-startup=false", context -> assertThat(port(context)).isEqualTo(-1)),
        behaviour("httpkit.port=-1", context -> assertThat(port(context)).isEqualTo(-1)),
        behaviour(
            "httpkit.ip=127.0.0.1", context -> assertThat(address(context)).isEqualTo("127.0.0.1")),
        behaviour(
            "server.address=127.0.0.1",
            context -> assertThat(address(context)).isEqualTo("127.0.0.1")),
        behaviour("httpkit.unix-socket=" + SOCKET, context -> answersOn(Path.of(SOCKET))),
        behaviour(
            "httpkit.backlog=1", ServerPropertiesTest::letsFewWait, "httpkit.max-connections=1"),
        behaviour(
            "httpkit.loops=7",
            context ->
                assertThat(context.getBean(HttpKitWebServer.class).server().statistics().loops())
                    .hasSize(7)));
  }

  private static List<PropertyRow> workers() {
    Check third = ServerPropertiesTest::answersTheThirdOfThree;
    return List.of(
        behaviour("httpkit.thread=1", third, "httpkit.queue-size=1"),
        behaviour("httpkit.queue-size=1", third, "httpkit.thread=1"),
        behaviour(
            "httpkit.worker-name-prefix=my-",
            context -> assertThat(thread(context)).contains("my-")),
        behaviour(
            "httpkit.virtual-threads=false",
            context -> assertThat(thread(context)).doesNotStartWith("VirtualThread"),
            "spring.threads.virtual.enabled=true"));
  }

  private static List<PropertyRow> limits() {
    return List.of(
        answers("httpkit.max-body=4B", 413, POST, HOST, "Content-Length: 5"),
        answers("httpkit.max-line=64B", 414, "GET /" + "a".repeat(100) + " HTTP/1.1", HOST),
        answers("httpkit.max-header-bytes=64B", 431, GET, HOST, "X: " + "x".repeat(100)),
        answers("httpkit.max-headers=1", 431, GET, HOST, "X: x"),
        answers("httpkit.max-response-header-bytes=256B", 500, "GET /header HTTP/1.1", HOST),
        answers(
            "httpkit.max-chunk-extension-bytes=3B",
            400,
            POST,
            HOST,
            CHUNKED,
            "",
            "1;a=bcd",
            "x",
            "0"),
        answers("httpkit.max-parameters=1", 400, "GET /query?a=1&b=2 HTTP/1.1", HOST),
        answers("httpkit.max-cookies=1", 400, "GET /cookies HTTP/1.1", HOST, "Cookie: a=1; b=2"),
        answers("server.max-http-request-header-size=64B", 431, GET, HOST, "X: " + "x".repeat(100)),
        answers(
            "server.max-http-request-header-size=32KB", 200, GET, HOST, "X: " + "x".repeat(20_000)),
        behaviour("httpkit.max-connections=1", ServerPropertiesTest::pausesAccepting),
        behaviour(
            "httpkit.min-body-rate=1MB",
            ServerPropertiesTest::refusesASlowBody,
            "httpkit.body-timeout=200ms"));
  }

  private static List<PropertyRow> timeouts() {
    return List.of(
        behaviour(
            "httpkit.head-timeout=100ms",
            context -> assertThat(unfinished(context, GET + "\r\n")).contains(" 408 ")),
        behaviour(
            "httpkit.body-timeout=100ms",
            context ->
                assertThat(
                        unfinished(context, POST + "\r\n" + HOST + "\r\nContent-Length: 5\r\n\r\n"))
                    .contains(" 408 ")),
        behaviour(
            "httpkit.idle-timeout=100ms",
            context ->
                assertThat(unfinished(context, GET + "\r\n" + HOST + "\r\n\r\n"))
                    .contains(" 200 ")),
        behaviour("httpkit.write-timeout=100ms", ServerPropertiesTest::closesOnASlowReader),
        behaviour("httpkit.linger-timeout=1h", ServerPropertiesTest::outlastsTheDefault));
  }

  private static List<PropertyRow> headers() {
    return List.of(
        header("httpkit.server-header=mine/1", "Server: mine/1\r\n"),
        header("server.server-header=boot/1", "Server: boot/1\r\n"),
        behaviour(
            "httpkit.server-header=",
            context -> {
              try (Wire wire = Wire.to(port(context)).request(GET, HOST)) {
                assertThat(wire.head()).doesNotContain("Server:");
              }
            },
            "server.server-header=boot/1"));
  }

  private static PropertyRow header(String setting, String line) {
    return behaviour(
        setting,
        context -> {
          try (Wire wire = Wire.to(port(context)).request(GET, HOST)) {
            assertThat(wire.head()).contains(line);
          }
        });
  }

  private static PropertyRow answers(String setting, int status, String... lines) {
    return behaviour(
        setting,
        context -> {
          try (Wire wire = Wire.to(port(context)).request(lines)) {
            assertThat(wire.status()).isEqualTo(status);
          }
        });
  }

  private static void answersOn(Path socket) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      channel.write(StandardCharsets.US_ASCII.encode(GET + "\r\n" + HOST + "\r\n\r\n"));
      ByteBuffer first = ByteBuffer.allocate(15);
      while (first.hasRemaining()) {
        assertThat(channel.read(first)).isPositive();
      }
      assertThat(new String(first.array(), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200 OK");
    }
  }

  /** One is handled, one waits, and one is refused at once. */
  private static void answersTheThirdOfThree(AssertableApplicationContext context)
      throws Exception {
    Gate gate = context.getBean(Signals.class).gate;
    CompletableFuture<HttpResponse<String>> handled = Http.getAsync(port(context), "/gate");
    gate.awaitRequest();
    CompletableFuture<HttpResponse<String>> second = Http.getAsync(port(context), "/gate");
    CompletableFuture<HttpResponse<String>> third = Http.getAsync(port(context), "/gate");
    Object refused =
        CompletableFuture.anyOf(second, third).get(Http.LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(((HttpResponse<?>) refused).statusCode()).isEqualTo(503);
    gate.open();
    assertThat(handled.join().statusCode()).isEqualTo(200);
    assertThat(List.of(second.join().statusCode(), third.join().statusCode()))
        .containsExactlyInAnyOrder(200, 503);
  }

  private static void pausesAccepting(AssertableApplicationContext context) throws Exception {
    try (Wire first = Wire.to(port(context)).request(GET, HOST);
        Wire second = Wire.to(port(context))) {
      assertThat(first.status()).isEqualTo(200);
      second.request(GET, HOST);
      awaits(context.getBean(Signals.class).paused);
    }
  }

  /** Connections that are not accepted are there only as far as they may wait. */
  private static void letsFewWait(AssertableApplicationContext context) throws IOException {
    List<SocketChannel> waiting = new ArrayList<>();
    try (Wire first = Wire.to(port(context)).request(GET, HOST)) {
      assertThat(first.status()).isEqualTo(200);
      for (int i = 0; i < 20; i++) {
        SocketChannel channel = SocketChannel.open();
        waiting.add(channel);
        channel.configureBlocking(false);
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port(context)));
      }
      assertThat(waiting).anyMatch(channel -> !isConnected(channel));
    } finally {
      for (SocketChannel channel : waiting) {
        channel.close();
      }
    }
  }

  private static boolean isConnected(SocketChannel channel) {
    try {
      return channel.finishConnect();
    } catch (IOException e) {
      return false;
    }
  }

  /** A body that never pauses for long, of some kilobytes a second. */
  private static void refusesASlowBody(AssertableApplicationContext context) throws Exception {
    try (Wire wire = Wire.to(port(context)).request(POST, HOST, "Content-Length: 1000000")) {
      int pieces = 0;
      while (pieces < 300 && !wire.answersWithin(20)) {
        wire.send("x".repeat(200));
        pieces++;
      }
      assertThat(pieces).isLessThan(300);
      assertThat(wire.status()).isEqualTo(408);
    }
  }

  private static void closesOnASlowReader(AssertableApplicationContext context) throws Exception {
    try (Wire wire = Wire.to(port(context)).request("GET /large HTTP/1.1", HOST)) {
      assertThat(wire.status()).isEqualTo(200);
      awaits(context.getBean(Signals.class).closed);
    }
  }

  /** After a refusal, while its client neither sends the rest nor ends the connection. */
  private static void outlastsTheDefault(AssertableApplicationContext context) throws Exception {
    Signals byDefault = new Signals();
    ServerConfig config = ServerConfig.builder().port(0).events(byDefault).build();
    try (HttpServer other = HttpServer.start(request -> Response.text("other"), config);
        Wire first = tooLarge(port(context));
        Wire second = tooLarge(other.port())) {
      assertThat(List.of(first.status(), second.status())).containsExactly(413, 413);
      awaits(byDefault.closed);
      assertThat(context.getBean(Signals.class).closed.getCount()).isOne();
    }
  }

  private static Wire tooLarge(int port) throws IOException {
    return Wire.to(port).request(POST, HOST, "Content-Length: 1000000000000");
  }

  /** Within the time that a default would take longer than. */
  private static void awaits(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(Http.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  /** All that is answered until the server closes, which is within 8 s. */
  private static String unfinished(AssertableApplicationContext context, String sent)
      throws IOException {
    try (Wire wire = Wire.to(port(context)).send(sent)) {
      return wire.rest();
    }
  }

  private static String thread(AssertableApplicationContext context) {
    return Http.get(port(context), "/thread").body();
  }

  private static int port(AssertableApplicationContext context) {
    return context.getBean(HttpKitWebServer.class).getPort();
  }

  private static String address(AssertableApplicationContext context) {
    SocketAddress bound = context.getBean(HttpKitWebServer.class).server().address();
    return ((InetSocketAddress) bound).getAddress().getHostAddress();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void changesWhatTheServerDoes(PropertyRow row) {
    runner.withPropertyValues(row.assignments()).run(row::verify);
  }

  @Test
  void ownPropertiesWinOverThoseOfBoot() {
    runner
        .withPropertyValues(
            "server.max-http-request-header-size=1KB",
            "httpkit.max-line=2KB",
            "httpkit.max-header-bytes=3KB",
            "server.server-header=boot",
            "httpkit.server-header=mine")
        .run(
            context -> {
              ServerConfig config = context.getBean(ServerConfig.class);
              assertThat(config.limits().maxLine()).isEqualTo(2048);
              assertThat(config.limits().maxHeaderBytes()).isEqualTo(3072);
              assertThat(config.serverHeader()).isEqualTo("mine");
            });
  }

  @Test
  void handlesOnVirtualThreadsWhereThereAreAny() {
    boolean hasVirtual = Runtime.version().feature() >= 21;
    runner
        .withPropertyValues("spring.threads.virtual.enabled=true")
        .run(
            context -> {
              assertThat(thread(context).startsWith("VirtualThread")).isEqualTo(hasVirtual);
              assertThat(context.getBean(ServerConfig.class).workers().kind())
                  .isEqualTo(hasVirtual ? Workers.Kind.VIRTUAL : Workers.Kind.PLATFORM);
            });
  }
}
