package io.httpkit.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelGroup;
import io.httpkit.channel.CloseStatus;
import io.httpkit.channel.SharedMessage;
import io.httpkit.client.ClientConfig;
import io.httpkit.client.HttpClient;
import io.httpkit.server.Response;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import reactor.core.publisher.Mono;

class ChannelBeansTest {
  @ParameterizedTest(name = "{0} of {1} is answered {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /echo/a        | {"from":"x","text":"hi"}  | a: {"from":"x","text":"hi"}
          /echo/b%20c    | {"from":"y","text":"ho"}  | b c: {"from":"y","text":"ho"}
          /echo/later    | {"from":"x","text":"later"} | {"from":"x","text":"later, done"}
          /echo/mono     | {"from":"x","text":"mono"} | {"from":"x","text":"mono, done"}
          /echo/a        | {"from":"x","text":"null"} | closed 1000 on demand
          /echo/a        | {"from":"","text":"hi"}   | closed 1007 some values are not valid
          /echo/a        | {"from":                  | closed 1007 The body is not the JSON that is expected, at line 1, column *
          /echo/a        | {"from":"x","text":{}}    | closed 1007 The value of 'text' in the body is not of the right kind, at line 1, column *
          /echo/a        | {"from":"x","text":"fail"} | closed 1011 *
          /echo/a        | {"from":"x","text":"failLater"} | closed 1011 *
          /echo/a        | null                      | closed 1007 The message is null.
          /guarded       | fail                      | handled secret
          /guarded       | failLater                 | handled secret
          """)
  void aTextMessage(String path, String sent, String answer) {
    run(
        app -> {
          Peer peer = app.peer(path);
          peer.channel().send(sent);
          assertThat(peer.next()).matches(pattern(answer));
        });
  }

  private static String pattern(String answer) {
    return java.util.regex.Pattern.quote(answer).replace("*", "\\E.*\\Q");
  }

  @Test
  void aBinaryMessageAndAPing() {
    run(
        app -> {
          Peer peer = app.peer("/echo/a");
          peer.channel().send(new byte[] {1, 2, 3});
          assertThat(peer.next()).isEqualTo("3 bytes in a");
          peer.channel().ping(new byte[] {7});
          assertThat(peer.next()).isEqualTo("ping of 1");
        });
  }

  @Test
  void messagesThatNoMethodTakes() {
    run(
        app -> {
          Peer peer = app.peer("/guarded");
          peer.channel().send(new byte[] {1});
          assertThat(peer.next()).isEqualTo("closed 1003 binary messages are not taken here");
        });
  }

  @Test
  void openAndCloseAreTold() {
    run(
        app -> {
          Peer peer = app.peer("/room/red");
          assertThat(peer.next()).isEqualTo("welcome to red");
          peer.channel().close(4000, "bye");
          assertThat(app.bean().closed.poll(20, TimeUnit.SECONDS)).isEqualTo("red 4000 bye");
        });
  }

  /** A WebSocket, a stream of events and a long poll are in the same room. */
  @Test
  void oneBeanServesAllKindsOfClients() {
    run(
        app -> {
          Peer socket = app.peer("/room/blue");
          assertThat(socket.next()).isEqualTo("welcome to blue");
          BlockingQueue<String> events = app.events("/room/blue");
          assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo("welcome to blue");
          CompletableFuture<String> poll = app.poll("/room/blue?quiet=true");
          app.bean().awaitMembers(3);
          HttpResponse<String> posted = app.web().send("POST", "/room/blue", "hello");
          assertThat(posted.statusCode()).isEqualTo(204);
          assertThat(posted.headers().firstValue("Content-Type")).isEmpty();
          assertThat(socket.next()).isEqualTo("hello");
          assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo("hello");
          assertThat(poll.get(20, TimeUnit.SECONDS)).isEqualTo("hello");
        });
  }

  @Test
  void eventsAreNotSentToWhoRefusesThem() {
    run(
        app -> {
          HttpResponse<String> polled =
              app.web().get("/room/green", "Accept", "text/event-stream;q=0, */*");
          assertThat(polled.headers().firstValue("Content-Type"))
              .hasValue("text/plain; charset=utf-8");
          assertThat(polled.body()).isEqualTo("welcome to green");
        });
  }

  @ParameterizedTest(name = "POST {0} of {1} is answered {2} {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /echo/a | {"from":"x","text":"hi"}   | 200 | a: {"from":"x","text":"hi"}
          /echo/later | {"from":"x","text":"later"} | 200 | {"from":"x","text":"later, done"}
          /echo/mono | {"from":"x","text":"mono"} | 200 | {"from":"x","text":"mono, done"}
          /echo/mono | {"from":"x","text":"nothing"} | 204 | ''
          /echo/a | {"from":"","text":"hi"}    | 400 | {"detail":"Some values are not valid.","instance":"/echo/a","status":400,"title":"Bad Request","errors":[{"field":"from","message":"must not be blank"}]}
          /echo/a | {"from":"x","text":"fail"} | 500 | {"instance":"/echo/a","status":500,"title":"Internal Server Error"}
          /echo/a | null                       | 400 | {"detail":"The message is null.","instance":"/echo/a","status":400,"title":"Bad Request"}
          /guarded | fail                      | 500 | handled secret
          /guarded | failLater                 | 500 | handled secret
          /guarded | failTwice                 | 500 | {"instance":"/guarded","status":500,"title":"Internal Server Error"}
          """)
  void aMessageThatIsPosted(String path, String sent, int status, String body) {
    run(
        app -> {
          HttpResponse<String> response = app.web().send("POST", path, sent);
          assertThat(response.statusCode() + " " + response.body()).isEqualTo(status + " " + body);
        });
  }

  @Test
  void whatAMethodForErrorsHasAnsweredIsNoErrorAnyMore() {
    run(
        app -> {
          assertThat(app.web().send("POST", "/answering", "hi").body()).isEqualTo("told");
          assertThat(app.reported().errors).isEmpty();
          app.web().send("POST", "/echo/a", "{\"from\":\"x\",\"text\":\"fail\"}");
          assertThat(app.reported().errors).containsExactly("secret");
        });
  }

  /** What one client writes is never shown to another as a page. */
  @ParameterizedTest(name = "POST {0} of {1} is answered as {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /typed | text   | text/plain; charset=utf-8  | <script>
          /typed | record | application/json           | {"from":"<script>","text":"x"}
          /typed | later  | application/json           | {"from":"<script>","text":"x"}
          /typed | bytes  | application/octet-stream   | <script>
          /typed | buffer | application/octet-stream   | <script>
          /typed | stream | application/octet-stream   | <script>
          /typed | shared | text/plain; charset=utf-8  | <script>
          /typed | sharedBytes | application/octet-stream | <script>
          /typed | sent   | text/plain; charset=utf-8  | <script>
          /typed | page   | text/html; charset=utf-8   | <script>
          """)
  void anAnswerHasTheTypeOfWhatItIs(String path, String sent, String type, String body) {
    run(
        app -> {
          for (String method : new String[] {"POST", "GET"}) {
            HttpResponse<String> answer =
                method.equals("POST")
                    ? app.web().send("POST", path, sent)
                    : app.web().get(path + "?open=" + sent);
            assertThat(answer.headers().firstValue("Content-Type")).as(method).hasValue(type);
            assertThat(answer.body()).isEqualTo(body);
          }
        });
  }

  @Test
  void aHeadOpensNoChannel() {
    run(
        app -> {
          HttpResponse<String> answer = app.web().send("HEAD", "/room/blue?quiet=true", "");
          assertThat(answer.statusCode()).isEqualTo(200);
          assertThat(app.bean().joined).isEmpty();
          assertThat(app.web().send("HEAD", "/wants", "").statusCode()).isEqualTo(400);
        });
  }

  @Test
  void aClassMayBeForRequestsAndChannels() {
    run(
        app -> {
          Peer peer = app.peer("/both");
          peer.channel().send("hi");
          assertThat(peer.next()).startsWith("http-kit-loop-");
          assertThat(app.web().send("POST", "/both", "hi").body()).startsWith("http-kit-loop-");
          assertThat(app.web().get("/both/page").body()).isEqualTo("a page");
        });
  }

  @ParameterizedTest(name = "POST {0} of {1} is answered {2}")
  @CsvSource({
    "/echo/a, application/json, 200",
    "/echo/a, application/vnd.x+json, 200",
    "/echo/a, text/plain;charset=utf-8, 200",
    "/echo/a, application/x-www-form-urlencoded, 200",
    "/echo/a, application/octet-stream, 200",
    "/echo/a, image/png, 200",
    "/guarded, image/png, 415",
    "/guarded, application/octet-stream, 415",
    "/guarded, text/csv, 500",
  })
  void aMessageIsTakenByItsType(String path, String type, int status) {
    run(
        app -> {
          HttpResponse<String> answer =
              app.web()
                  .send("POST", path, "{\"from\":\"x\",\"text\":\"hi\"}", "Content-Type", type);
          assertThat(answer.statusCode()).isEqualTo(status);
          assertThat(answer.headers().firstValue("Accept").isPresent()).isEqualTo(status == 415);
          if (type.startsWith("image") && status == 200) {
            assertThat(answer.body()).isEqualTo("24 bytes in a");
          }
        });
  }

  @Test
  void aRequestWithoutWhatTheMethodsWantIsRefused() {
    run(
        app -> {
          HttpResponse<String> response = app.web().get("/wants");
          assertThat(response.statusCode()).isEqualTo(400);
          assertThat(response.body()).contains("The parameter 'token' is missing.");
        });
  }

  @Test
  void aMessageMayBeWantedAsAnything() {
    run(
        app -> {
          Peer peer = app.peer("/anything");
          peer.channel().send("{\"a\":[1]}");
          assertThat(peer.next()).isEqualTo("{\"a\":[1]}");
          assertThat(app.web().post("/anything", "[2]").body()).isEqualTo("[2]");
        });
  }

  @Test
  void aMessageThatIsTooLargeClosesTheChannel() {
    run(
        app -> {
          Peer peer = app.peer("/small");
          peer.channel().send("x".repeat(1025));
          assertThat(peer.next()).startsWith("closed 1009");
        });
  }

  private interface Check {
    void accept(App app) throws Exception;
  }

  private static void run(Check check) {
    WebApp.with(Beans.class)
        .run(
            context -> {
              try (HttpClient client = HttpClient.create(ClientConfig.builder().build())) {
                check.accept(
                    new App(
                        WebApp.in(context),
                        client,
                        context.getBean(Room.class),
                        context.getBean(ReportedErrors.class)));
              }
            });
  }

  /** The application and what talks with it. */
  private record App(WebApp web, HttpClient client, Room bean, ReportedErrors reported) {
    private String url(String path) {
      return "localhost:" + web.port() + path;
    }

    Peer peer(String path) throws Exception {
      BlockingQueue<String> received = new LinkedBlockingQueue<>();
      AsyncChannel channel =
          client
              .webSocket("ws://" + url(path))
              .open(new PeerListener(received))
              .get(20, TimeUnit.SECONDS);
      return new Peer(channel, received);
    }

    BlockingQueue<String> events(String path) {
      BlockingQueue<String> received = new LinkedBlockingQueue<>();
      var unused =
          client.get("http://" + url(path)).events((event) -> received.add("" + event.data()));
      return received;
    }

    CompletableFuture<String> poll(String path) {
      return client.get("http://" + url(path)).send().thenApply(response -> response.text());
    }
  }

  private record Peer(AsyncChannel channel, BlockingQueue<String> received) {
    @Nullable String next() throws InterruptedException {
      return received.poll(20, TimeUnit.SECONDS);
    }
  }

  private record PeerListener(BlockingQueue<String> received)
      implements io.httpkit.channel.ChannelListener {
    @Override
    public void onText(AsyncChannel channel, String text) {
      received.add(text);
    }

    @Override
    public void onClose(AsyncChannel channel, CloseStatus status) {
      received.add("closed " + status.code() + " " + status.reason());
    }
  }

  record Message(@NotBlank String from, String text) {}

  @Configuration(proxyBeanMethods = false)
  static class Beans {
    @Bean
    Echo echo() {
      return new Echo();
    }

    @Bean
    Guarded guarded() {
      return new Guarded();
    }

    @Bean
    ReportedErrors reported() {
      return new ReportedErrors();
    }

    @Bean
    Answering answering() {
      return new Answering();
    }

    @Bean
    Typed typed() {
      return new Typed();
    }

    @Bean
    Both both() {
      return new Both();
    }

    @Bean
    Room room(ChannelGroups groups) {
      return new Room(groups);
    }

    @Bean
    Wants wants() {
      return new Wants();
    }

    @Bean
    Anything anything() {
      return new Anything();
    }

    @Bean
    Small small() {
      return new Small();
    }
  }

  @ChannelMapping("/echo/{name}")
  static class Echo {
    @OnMessage
    @Nullable Object message(
        AsyncChannel channel, @Valid Message message, @PathVariable String name) {
      return switch (message.text()) {
        case "fail" -> throw new IllegalStateException("secret");
        case "failLater" -> CompletableFuture.failedFuture(new IllegalStateException("secret"));
        case "later" ->
            CompletableFuture.supplyAsync(() -> new Message(message.from(), "later, done"));
        case "mono" -> Mono.just(new Message(message.from(), "mono, done"));
        case "nothing" -> Mono.empty();
        case "null" -> {
          channel.close(1000, "on demand");
          yield null;
        }
        default ->
            name + ": {\"from\":\"" + message.from() + "\",\"text\":\"" + message.text() + "\"}";
      };
    }

    @OnMessage
    String bytes(byte[] bytes, @PathVariable String name) {
      return bytes.length + " bytes in " + name;
    }

    @OnPing
    void ping(AsyncChannel channel, byte[] payload) {
      channel.send("ping of " + payload.length);
    }
  }

  @ChannelMapping("/guarded")
  static class Guarded {
    @OnMessage
    CompletableFuture<String> message(String text) {
      if (text.startsWith("fail") && !text.equals("failLater")) {
        throw new IllegalStateException(text.equals("fail") ? "secret" : "twice");
      }
      return CompletableFuture.failedFuture(new IllegalStateException("secret"));
    }

    @OnError
    String error(Throwable error) {
      if (String.valueOf(error.getMessage()).endsWith("twice")) {
        throw new IllegalStateException("secret");
      }
      return "handled " + error.getMessage();
    }
  }

  @ChannelMapping("/answering")
  static class Answering {
    @OnMessage
    void message(String text) {
      throw new IllegalStateException("secret");
    }

    @OnError
    void error(AsyncChannel channel, Throwable error) {
      channel.send("told");
    }
  }

  @ChannelMapping("/typed")
  static class Typed {
    private static final String SCRIPT = "<script>";

    @OnOpen
    @Nullable Object open(
        AsyncChannel channel, @RequestParam(required = false) @Nullable String open) {
      return open == null ? null : message(channel, open);
    }

    @OnMessage
    @Nullable Object message(AsyncChannel channel, String text) {
      byte[] bytes = SCRIPT.getBytes(StandardCharsets.US_ASCII);
      return switch (text) {
        case "record" -> new Message(SCRIPT, "x");
        case "later" -> CompletableFuture.completedFuture(new Message(SCRIPT, "x"));
        case "bytes" -> bytes;
        case "buffer" -> ByteBuffer.wrap(bytes);
        case "stream" -> new ByteArrayInputStream(bytes);
        case "shared" -> SharedMessage.of(SCRIPT);
        case "sharedBytes" -> SharedMessage.of(bytes);
        case "page" -> Response.html(SCRIPT);
        case "sent" -> {
          channel.send(SCRIPT);
          yield null;
        }
        default -> SCRIPT;
      };
    }
  }

  @ChannelMapping("/room/{room}")
  static class Room {
    final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> joined = new LinkedBlockingQueue<>();
    private final ChannelGroups groups;

    Room(ChannelGroups groups) {
      this.groups = groups;
    }

    @OnOpen
    @Nullable String open(
        AsyncChannel channel,
        @Group("room-{room}") ChannelGroup group,
        @PathVariable String room,
        @RequestParam(defaultValue = "false") boolean quiet) {
      group.join(channel);
      joined.add(room);
      return quiet ? null : "welcome to " + room;
    }

    @OnMessage
    void message(String text, @PathVariable String room) {
      groups.group("room-" + room).broadcast(text);
    }

    @OnClose
    void close(CloseStatus status, @PathVariable String room) {
      closed.add(room + " " + status.code() + " " + status.reason());
    }

    void awaitMembers(int count) throws InterruptedException {
      for (int i = 0; i < count; i++) {
        assertThat(joined.poll(20, TimeUnit.SECONDS)).isNotNull();
      }
    }
  }

  @HttpKitController
  @ChannelMapping("/both")
  @NonBlocking
  static class Both {
    @OnMessage
    String message(String text) {
      return Thread.currentThread().getName();
    }

    @GetMapping("/both/page")
    String page() {
      return "a page";
    }
  }

  @ChannelMapping("/wants")
  static class Wants {
    @OnOpen
    void open(@RequestParam String token) {}
  }

  @ChannelMapping(path = "/small", maxMessage = "1KB")
  static class Small {
    @OnMessage
    void message(String text) {}
  }

  @ChannelMapping("/anything")
  static class Anything {
    @OnMessage
    Object message(AsyncChannel channel, Object message) {
      return message;
    }
  }
}
