package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelGroup;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.ChannelOptions;
import io.httpkit.channel.ChannelOptions.Compression;
import io.httpkit.channel.CloseStatus;
import io.httpkit.http.BadMessageException;
import io.httpkit.http.Status;
import io.httpkit.server.ScriptedPeer.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a WebSocket is opened, and how it is refused. RFC 6455 §4.2. */
class WebSocketHandshakeTest {
  private static final String SECOND = "GET /second HTTP/1.1\r\nHost: localhost\r\n\r\n";

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  private final WebSocketLog log = new WebSocketLog();

  /** Counts the requests that are not the handshake. */
  private final AtomicInteger seconds = new AtomicInteger();

  private HttpServer start(UnaryOperator<ChannelOptions> options) {
    return servers.start(
        request -> {
          if (request.target().equals("/second")) {
            seconds.incrementAndGet();
          }
          return request.asChannel(options, log);
        });
  }

  private HttpServer start() {
    return start(options -> options);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] join(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  // ---- the answer

  @Test
  void isAnswered101() throws Exception {
    Reply answer = WebSocketPeer.open(servers.connect(start())).answer();

    assertThat(answer.statusLine()).isEqualTo("HTTP/1.1 101 Switching Protocols");
    List<String> names = new ArrayList<>();
    for (int i = 0; i < answer.headers().size(); i++) {
      names.add(answer.headers().name(i));
    }
    assertThat(names)
        .containsExactlyInAnyOrder(
            "Upgrade", "Connection", "Sec-WebSocket-Accept", "Server", "Date");
    assertThat(answer.header("Upgrade")).isEqualTo("websocket");
    assertThat(answer.header("Connection")).isEqualToIgnoringCase("upgrade");
  }

  @Test
  void acceptsTokensInAnyCaseAmongOthers() throws Exception {
    String handshake =
        WebSocketPeer.handshake()
            .replace("Upgrade: websocket", "Upgrade: other, WebSocket")
            .replace("Connection: Upgrade", "Connection: keep-alive, UpGrAdE");

    WebSocketPeer.answered(servers.connect(start()).send(handshake)).text("hello");
    log.expect("open", "text hello");
  }

  @ParameterizedTest
  @CsvSource({
    "chat,'',",
    "chat,'a, chat, b',chat",
    "'one,two','two, one',one",
    "chat,Chat,",
    "'',chat,",
  })
  void subprotocolIsAgreedOn(String supported, String offered, String agreed) throws Exception {
    String[] all = supported.isEmpty() ? new String[0] : supported.split(",", -1);
    HttpServer server = start(options -> options.withSubprotocols(all));
    String[] lines =
        offered.isEmpty() ? new String[0] : new String[] {"Sec-WebSocket-Protocol: " + offered};

    WebSocketPeer peer = WebSocketPeer.open(servers.connect(server), lines);
    assertThat(peer.answer().headers().get("Sec-WebSocket-Protocol").orElse(null))
        .isEqualTo(agreed);
    assertThat(log.channel().subprotocol().orElse(null)).isEqualTo(agreed);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "EACH_MESSAGE|permessage-deflate|permessage-deflate; server_no_context_takeover;"
            + " client_no_context_takeover",
        "CONTEXT_TAKEOVER|permessage-deflate; client_max_window_bits|permessage-deflate",
        "CONTEXT_TAKEOVER|permessage-deflate; server_max_window_bits=10|permessage-deflate;"
            + " server_no_context_takeover; server_max_window_bits=10",
        "OFF|permessage-deflate|none",
        "EACH_MESSAGE|x-webkit-deflate-frame|none",
        "EACH_MESSAGE|permessage-deflate; unknown|none",
      },
      delimiter = '|')
  void extensionIsAnswered(Compression compression, String offered, String agreed)
      throws Exception {
    HttpServer server = start(options -> options.withCompression(compression));

    WebSocketPeer peer =
        WebSocketPeer.open(servers.connect(server), "Sec-WebSocket-Extensions: " + offered);
    assertThat(peer.answer().headers().get("Sec-WebSocket-Extensions").orElse(null))
        .isEqualTo(agreed);
  }

  @Test
  void headersOfTheHandlerAreOnTheAnswer() throws Exception {
    HttpServer server =
        servers.start(
            request ->
                request
                    .asChannel(log)
                    .withHeader("X-Mine", "yes")
                    .withHeader("Connection", "close")
                    .withHeader("Content-Length", "7")
                    .withHeader("Sec-WebSocket-Accept", "mine"));

    Reply answer = WebSocketPeer.open(servers.connect(server)).answer();
    assertThat(answer.header("X-Mine")).isEqualTo("yes");
    assertThat(answer.headers().all("Connection")).hasSize(1);
    assertThat(answer.headers().contains("Content-Length")).isFalse();
    assertThat(answer.headers().all("Sec-WebSocket-Accept")).containsExactly(WebSocketPeer.ACCEPT);
  }

  @Test
  void activeRequestsDoNotCountAnOpenChannel() throws Exception {
    HttpServer server = start();
    WebSocketPeer peer = WebSocketPeer.open(servers.connect(server));
    peer.text("hello");
    log.expect("open", "text hello");
    assertThat(server.activeRequests()).isZero();
    assertThat(server.connections()).isEqualTo(1);
    assertThat(servers.events.await(RecordingEvents.Kind.RESPONSE).status())
        .isEqualTo(Status.SWITCHING_PROTOCOLS);
  }

  /** A worker that is interrupted by the stop goes on, when there is no loop any more. */
  @Test
  void handshakeThatOutlivesTheLoopsIsClosed() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CompletableFuture<CloseStatus> closed = new CompletableFuture<>();
    ChannelListener slow =
        new ChannelListener() {
          @Override
          public void onInit(AsyncChannel channel) {
            channel.addCloseListener((of, status) -> closed.complete(status));
            entered.countDown();
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              // the stop interrupts workers when the loops have ended
            }
          }
        };
    HttpServer server = servers.start(request -> request.asChannel(slow));
    servers.connect(server).send(WebSocketPeer.handshake());
    assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

    server.stop(Duration.ZERO).get(20, TimeUnit.SECONDS);

    assertThat(closed).isDone();
    assertThat(server.statistics().channels().webSockets()).isZero();
  }

  // ---- refused

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "POST|GET /|POST /",
        "HTTP/1.0|HTTP/1.1|HTTP/1.0",
        "no Upgrade|Upgrade: websocket\\r\\n|''",
        "wrong Upgrade|Upgrade: websocket|Upgrade: h2c",
        "no Connection|Connection: Upgrade\\r\\n|''",
        "wrong Connection|Connection: Upgrade|Connection: keep-alive",
        "no version|Sec-WebSocket-Version: 13\\r\\n|''",
        "wrong version|Version: 13|Version: 8",
        "no key|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n|''",
        "malformed key|dGhlIHNhbXBsZSBub25jZQ==|dGhlIHNhbXBsZSBub25j!Q==",
        "key with spare bits|dGhlIHNhbXBsZSBub25jZQ==|dGhlIHNhbXBsZSBub25jZR==",
        "short key|dGhlIHNhbXBsZSBub25jZQ==|dGhlIHNhbXBsZSBub25j",
        "two keys|Upgrade: websocket|Upgrade: websocket\\r\\nSec-WebSocket-Key: x",
        "two versions|Upgrade: websocket|Upgrade: websocket\\r\\nSec-WebSocket-Version: 13",
        "a body|Upgrade: websocket|Upgrade: websocket\\r\\nContent-Length: 4",
        "chunks|Upgrade: websocket|Upgrade: websocket\\r\\nTransfer-Encoding: chunked",
      })
  void badHandshakeIsAnswered400(String name, String part, String instead) throws Exception {
    String handshake =
        WebSocketPeer.handshake()
            .replace(part.replace("\\r\\n", "\r\n"), instead.replace("\\r\\n", "\r\n"));
    String body = name.equals("a body") ? "four" : name.equals("chunks") ? "0\r\n\r\n" : "";
    ScriptedPeer peer = servers.connect(start());

    Reply answer = peer.send(handshake + body + SECOND).read();
    answer.assertRefused(400);
    assertThat(answer.header("Sec-WebSocket-Version")).isEqualTo("13");
    peer.expectEof();
    assertThat(seconds).hasValue(0);
    log.expectNoMore();
  }

  @ParameterizedTest
  @CsvSource({
    "http://evil.example,'',403",
    "null,'',403",
    "http://localhost:81,'',403",
    "ftp://localhost,'',403",
    "http://localhost,'',101",
    "https://LOCALHOST,'',101",
    "https://localhost:80,'',403",
    "https://app.example,https://app.example,101",
    "https://app.example:443,https://app.example,101",
    "http://app.example,https://app.example,403",
    "http://evil.example,*,101",
    "null,*,101",
  })
  void originIsChecked(String origin, String allowed, int status) throws Exception {
    String[] all = allowed.isEmpty() ? new String[0] : new String[] {allowed};
    ScriptedPeer peer = servers.connect(start(options -> options.withAllowedOrigins(all)));

    Reply answer = peer.send(WebSocketPeer.handshake("Origin: " + origin)).read();
    if (status == 101) {
      assertThat(answer.status()).isEqualTo(101);
    } else {
      answer.assertRefused(status);
      peer.expectEof();
      log.expectNoMore();
    }
  }

  @Test
  void refusalIsReadableByWhoSendsMuch() throws Exception {
    HttpServer server =
        servers.start(request -> request.asChannel(log), options -> options.maxBody(16));
    ScriptedPeer peer = servers.connect(server);
    peer.send(WebSocketPeer.handshake().replace("Version: 13", "Version: 7"));
    byte[] more = new byte[64 * 1024];
    for (int i = 0; i < 32; i++) {
      peer.send(more);
    }
    peer.read().assertRefused(400);
  }

  @Test
  void otherAnswerClosesTheConnection() throws Exception {
    HttpServer server =
        servers.start(
            request -> {
              if (request.target().equals("/second")) {
                seconds.incrementAndGet();
              }
              return Response.text("no WebSocket here").withStatus(Status.NOT_FOUND);
            });
    ScriptedPeer peer = servers.connect(server);

    Reply answer = peer.send(WebSocketPeer.handshake() + SECOND).read();
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).isEqualTo("no WebSocket here");
    assertThat(answer.header("Connection")).isEqualTo("close");
    peer.expectEof();
    assertThat(seconds).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatOnInitThrowsIsAnswered(boolean isBad) throws Exception {
    ChannelGroup group = new ChannelGroup();
    WebSocketLog failing =
        new WebSocketLog() {
          @Override
          public void onInit(AsyncChannel channel) throws Exception {
            add("init " + channel.isOpen() + " " + channel.send("too early"));
            assertThat(group.join(channel)).isTrue();
            throw isBad
                ? new BadMessageException(Status.UNAUTHORIZED, "who are you?")
                : new java.io.IOException("on purpose");
          }
        };
    HttpServer server =
        servers.start(
            request -> request.asChannel(o -> o.withCompression(Compression.OFF), failing));
    ScriptedPeer peer = servers.connect(server);

    peer.send(WebSocketPeer.handshake() + SECOND).read().assertRefused(isBad ? 401 : 500);
    peer.expectEof();
    failing.expect("init false false");
    failing.expectNoMore();
    assertThat(group.size()).isZero();
  }

  // ---- who answers, and when

  private enum Way {
    WORKER,
    LOOP,
    LATER
  }

  private static Handler handler(Way way, Supplier<ChannelListener> listener) {
    return switch (way) {
      case WORKER -> request -> request.asChannel(listener.get());
      case LOOP -> Handler.nonBlocking(request -> request.asChannel(listener.get()));
      case LATER ->
          request ->
              Response.async(
                  CompletableFuture.supplyAsync(() -> request.asChannel(listener.get())));
    };
  }

  /** Greets in onOpen, and answers with a number of what it is told. */
  private static final class Greeter implements ChannelListener {
    private final boolean nonBlocking;
    private boolean greeted;

    Greeter(boolean nonBlocking) {
      this.nonBlocking = nonBlocking;
    }

    @Override
    public void onOpen(AsyncChannel channel) {
      channel.send("welcome");
      channel.send("here");
      greeted = true;
    }

    @Override
    public void onText(AsyncChannel channel, String text) {
      channel.send(greeted ? text : "told before open");
    }

    @Override
    public boolean isNonBlocking() {
      return nonBlocking;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "WORKER,false",
    "WORKER,true",
    "LOOP,false",
    "LOOP,true",
    "LATER,false",
    "LATER,true"
  })
  void frameBehindTheHandshakeIsDelivered(Way way, boolean nonBlocking) throws Exception {
    HttpServer server = servers.start(handler(way, () -> new Greeter(nonBlocking)));
    byte[] handshake = bytes(WebSocketPeer.handshake());
    byte[] first = WebSocketPeer.textFrame("first");
    byte[] second = WebSocketPeer.textFrame("second");
    for (int i = 0; i < 100; i++) {
      ScriptedPeer wire = servers.connect(server);
      wire.send(join(handshake, first, second));
      WebSocketPeer peer = WebSocketPeer.answered(wire);
      peer.expectText("welcome").expectText("here").expectText("first").expectText("second");
      peer.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"WORKER,false", "LOOP,true"})
  void handshakeAndFramesByteByByte(Way way, boolean nonBlocking) throws Exception {
    HttpServer server = servers.start(handler(way, () -> new Greeter(nonBlocking)));
    ScriptedPeer wire = servers.connect(server);
    wire.sendByteByByte(WebSocketPeer.handshake());
    String frames =
        new String(
            join(WebSocketPeer.textFrame("first"), WebSocketPeer.textFrame("s".repeat(300))),
            StandardCharsets.ISO_8859_1);
    wire.sendByteByByte(frames);

    WebSocketPeer peer = WebSocketPeer.answered(wire);
    peer.expectText("welcome").expectText("here").expectText("first");
    peer.expectText("s".repeat(300));
  }

  @Test
  void framesMayComeBeforeTheHandlerAnswers() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    HttpServer server =
        servers.start(
            request -> {
              WebSocketLog.await(go);
              return request.asChannel(new WebSocketLog.Echo());
            });
    ScriptedPeer wire = servers.connect(server);
    wire.send(WebSocketPeer.handshake());
    byte[] payload = new byte[60_000];
    for (int i = 0; i < 10; i++) {
      wire.send(WebSocketPeer.frame(WebSocketPeer.FIN | WebSocketPeer.BINARY, payload));
    }
    go.countDown();
    WebSocketPeer peer = WebSocketPeer.answered(wire);
    for (int i = 0; i < 10; i++) {
      peer.expectBinary(payload);
    }
  }

  @Test
  void clientThatIsGoneBeforeTheAnswerIsClosedOnce() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    HttpServer server =
        servers.start(
            request -> {
              WebSocketLog.await(go);
              return request.asChannel(log);
            });
    servers.connect(server).send(WebSocketPeer.handshake()).reset();
    servers.events.await(RecordingEvents.Kind.CLOSE);
    servers.events.await(RecordingEvents.Kind.ABORTED);
    go.countDown();
    String opened = log.next();
    assertThat(opened).isEqualTo("open");
    assertThat(log.next()).startsWith("close ABNORMAL 1006");
    assertThat(server.stop(java.time.Duration.ofSeconds(5)).isCompletedExceptionally()).isFalse();
    server.join();
    log.expectNoMore();
    assertThat(servers.events.count(RecordingEvents.Kind.CLOSE)).isEqualTo(1);
  }

  @Test
  void clientThatOnlyStoppedSendingIsHeardToTheEnd() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    HttpServer server =
        servers.start(
            request -> {
              WebSocketLog.await(go);
              return request.asChannel(log);
            });
    ScriptedPeer wire = servers.connect(server);
    wire.send(bytes(WebSocketPeer.handshake()));
    wire.send(WebSocketPeer.textFrame("one")).send(WebSocketPeer.closeFrame(1000, "bye"));
    wire.halfClose();
    servers.events.await(RecordingEvents.Kind.REQUEST);
    go.countDown();
    WebSocketPeer peer = WebSocketPeer.answered(wire);
    log.expect("open", "text one", "close NORMAL 1000 bye");
    peer.expectClose(1000);
    peer.expectEof();
  }
}
