package io.httpkit.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.CloseStatus;
import io.httpkit.server.ServerEvents;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Users of WebSockets and users of long polls in one room. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ChatTest {
  @LocalServerPort private int port;

  private Client client = new Client(0);

  @BeforeEach
  void connect() {
    client = new Client(port);
  }

  @Test
  void bothKindsOfUsersSeeEachOther() {
    long start = say("Ada", "first");
    try (SocketClient socket = enter(start)) {
      CompletableFuture<HttpResponse<String>> poll = client.getAsync("/chat?since=" + start);
      socket.send(message("Grace", "over a WebSocket"));
      JsonNode polled = Client.json(Client.join(poll));
      assertThat(polled).hasSize(1);
      assertThat(polled.get(0).get("number").asLong()).isEqualTo(start + 1);
      assertThat(polled.get(0).get("user").asString()).isEqualTo("Grace");
      assertThat(polled.get(0).get("text").asString()).isEqualTo("over a WebSocket");
      assertThat(json(socket.nextText())).isEqualTo(polled);

      say("Ada", "over HTTP <b>&amp;</b> ✓");
      JsonNode seen = json(socket.nextText());
      assertThat(seen.get(0).get("user").asString()).isEqualTo("Ada");
      assertThat(seen.get(0).get("text").asString()).isEqualTo("over HTTP <b>&amp;</b> ✓");
      assertThat(poll(start + 1)).isEqualTo(seen);
    }
  }

  @Test
  void nobodyMissesAMessageAndAllSeeTheSameOrder() {
    long start = say("Ada", "first");
    int each = 20;
    long last = start + 4L * each;
    try (SocketClient listener = enter(start)) {
      CompletableFuture<List<Long>> polled =
          CompletableFuture.supplyAsync(() -> pollUntil(start, last));
      CompletableFuture.allOf(
              CompletableFuture.runAsync(() -> talkOverHttp("a", each)),
              CompletableFuture.runAsync(() -> talkOverHttp("b", each)),
              CompletableFuture.runAsync(() -> talkOverWebSocket("c", each)),
              CompletableFuture.runAsync(() -> talkOverWebSocket("d", each)))
          .join();
      List<Long> expected = LongStream.rangeClosed(start + 1, last).boxed().toList();
      assertThat(Client.join(polled)).isEqualTo(expected);
      List<Long> received = new ArrayList<>();
      while (received.size() < expected.size()) {
        addNumbers(received, json(listener.nextText()));
      }
      assertThat(received).isEqualTo(expected);
    }
  }

  private List<Long> pollUntil(long start, long last) {
    List<Long> numbers = new ArrayList<>();
    for (long since = start; since < last; since = numbers.get(numbers.size() - 1)) {
      addNumbers(numbers, poll(since));
    }
    return numbers;
  }

  private static void addNumbers(List<Long> numbers, JsonNode messages) {
    messages.forEach(message -> numbers.add(message.get("number").asLong()));
  }

  private void talkOverHttp(String user, int times) {
    for (int i = 0; i < times; i++) {
      say(user, "number " + i);
    }
  }

  private void talkOverWebSocket(String user, int times) {
    try (SocketClient socket = enter(Integer.MAX_VALUE)) {
      for (int i = 0; i < times; i++) {
        socket.send(message(user, "number " + i));
      }
    }
  }

  @Test
  void whoComesLaterIsToldWhatWasSaid() {
    long start = say("Ada", "one");
    say("Ada", "two");
    assertThat(texts(poll(start - 1))).containsExactly("one", "two");
    try (SocketClient socket = enter(start - 1)) {
      assertThat(texts(json(socket.nextText()))).containsExactly("one", "two");
    }
  }

  /** As after a restart: the numbers begin anew, and the user has seen larger ones. */
  @Test
  void aNumberThatIsNotGivenYetCountsAsNone() {
    say("Ada", "one");
    assertThat(poll(Integer.MAX_VALUE)).isEqualTo(poll(0));
  }

  @Test
  void aPollIsAnsweredAsJsonThatNobodyKeeps() {
    HttpResponse<String> answer = client.get("/chat?since=" + (say("Ada", "one") - 1));
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
  }

  @Test
  void aPollerThatVanishesIsNoticed(@Autowired Channels channels) throws IOException {
    long start = say("Ada", "one");
    CompletableFuture<CloseStatus> gone;
    try (Socket socket = new Socket("localhost", port)) {
      String request = "GET /chat?since=" + start + " HTTP/1.1\r\nHost: a\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      Client.join(channels.of(socket.getLocalPort()).opened());
      gone = channels.of(socket.getLocalPort()).closed();
    }
    assertThat(Client.join(gone).kind()).isEqualTo(CloseStatus.Kind.CLIENT_CLOSE);
  }

  // ---- mistakes

  record Mistake(String body, String error, String allowed) {}

  static Stream<Mistake> mistakes() {
    String object = "a JSON object with the texts user and text";
    String user = "1 to 40 characters";
    String text = "1 to 1000 characters";
    return Stream.of(
        new Mistake("", "the body is not as expected", object),
        new Mistake("hello", "the body is not as expected, line 1", object),
        new Mistake("[]", "the body is not as expected, line 1", object),
        new Mistake("null", "the body is null", object),
        new Mistake("{\"text\":\"a\"}", "user is missing", user),
        new Mistake(message(" ", "a"), "user is missing", user),
        new Mistake(message("u".repeat(41), "a"), "user has 41 characters", user),
        new Mistake("{\"user\":\"a\"}", "text is missing", text),
        new Mistake(message("a", "\\n"), "text is missing", text),
        new Mistake(message("a", "t".repeat(1001)), "text has 1001 characters", text));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void tellsWhatIsWrongOverHttp(Mistake mistake) {
    HttpResponse<String> answer = client.send("POST", "/chat", Client.JSON, mistake.body());
    assertThat(answer.statusCode()).isEqualTo(400);
    assertProblem(Client.json(answer), mistake);
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void tellsWhatIsWrongOverAWebSocketAndGoesOn(Mistake mistake) {
    try (SocketClient socket = enter(say("Ada", "first"))) {
      socket.send(mistake.body());
      assertProblem(json(socket.nextText()), mistake);
      socket.send(message("Ada", "better"));
      assertThat(texts(json(socket.nextText()))).containsExactly("better");
    }
  }

  private static void assertProblem(JsonNode problem, Mistake mistake) {
    assertThat(problem.get("status").asInt()).isEqualTo(400);
    assertThat(problem.get("error").asString()).startsWith(mistake.error());
    assertThat(problem.get("allowed").asString()).isEqualTo(mistake.allowed());
  }

  @Test
  void refusesSinceThatIsNoNumber() {
    HttpResponse<String> answer = client.get("/chat?since=yesterday");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Client.json(answer).get("error").asString()).isEqualTo("since was \"yesterday\"");
  }

  @Test
  void refusesWhatAFormOfAnotherPageCouldSend() {
    HttpResponse<String> answer = client.send("POST", "/chat", "text/plain", message("a", "b"));
    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(Client.json(answer).get("allowed").asString()).isEqualTo("application/json");
  }

  @Test
  void refusesAWebSocketOfAnotherPage() throws IOException {
    String handshake =
        """
        GET /chat HTTP/1.1
        Host: localhost
        Origin: https://elsewhere.example
        Connection: Upgrade
        Upgrade: websocket
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==

        """;
    assertThat(RawClient.exchange(port, handshake.replace("\n", "\r\n")))
        .startsWith("HTTP/1.1 403 Forbidden\r\n");
  }

  @Test
  void closesAWebSocketThatSendsTooMuch() {
    try (SocketClient socket = enter(Integer.MAX_VALUE)) {
      socket.send(message("a", "t".repeat(9000)));
      assertThat(socket.closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void closesAWebSocketThatSendsBytes() {
    try (SocketClient socket = enter(Integer.MAX_VALUE)) {
      socket.send(new byte[] {1, 2, 3});
      assertThat(socket.closeCode()).isEqualTo(1003);
    }
  }

  // ---- the steps

  private SocketClient enter(long since) {
    return new SocketClient(port, "/chat?since=" + since);
  }

  private JsonNode poll(long since) {
    return Client.json(client.get("/chat?since=" + since));
  }

  /** Says something over HTTP; the number it got. */
  private long say(String user, String text) {
    HttpResponse<String> answer = client.send("POST", "/chat", Client.JSON, message(user, text));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Client.json(answer).get("number").asLong();
  }

  private static String message(String user, String text) {
    return "{\"user\":\"" + user + "\",\"text\":\"" + text + "\"}";
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  private static List<String> texts(JsonNode messages) {
    return messages.valueStream().map(message -> message.get("text").asString()).toList();
  }

  /** Tells when channels are opened and closed. */
  static class Channels implements ServerEvents {
    record Life(CompletableFuture<Boolean> opened, CompletableFuture<CloseStatus> closed) {}

    private final Map<Integer, Life> lives = new ConcurrentHashMap<>();

    /** The channel of the client with this port. */
    Life of(int clientPort) {
      return lives.computeIfAbsent(
          clientPort, key -> new Life(new CompletableFuture<>(), new CompletableFuture<>()));
    }

    private Life of(AsyncChannel channel) {
      InetSocketAddress client = (InetSocketAddress) channel.remoteAddress();
      return of(client == null ? 0 : client.getPort());
    }

    @Override
    public void onChannelOpen(AsyncChannel channel) {
      of(channel).opened().complete(true);
    }

    @Override
    public void onChannelClose(AsyncChannel channel, CloseStatus status) {
      of(channel).closed().complete(status);
    }
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class ChannelsConfiguration {
    @Bean
    Channels channels() {
      return new Channels();
    }
  }
}
