package io.httpkit.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.spring.boot.web.ChannelGroups;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class RoomsTest {
  @LocalServerPort private int port;

  private Client client = new Client(0);

  @BeforeEach
  void connect() {
    client = new Client(port);
  }

  @Test
  void createsShowsListsAndRemoves() {
    String room = "{\"id\":\"blue-7\",\"title\":\"The blue one\"}";
    HttpResponse<String> created = create(room);
    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(created.headers().firstValue("Location")).hasValue("/rooms/blue-7");
    assertThat(created.body()).isEqualTo(room);
    assertThat(client.get("/rooms/blue-7").body()).isEqualTo(room);
    assertThat(Client.json(client.get("/rooms")).valueStream())
        .contains(JsonMapper.shared().readTree(room));

    assertProblem(create(room), 409, "There is a room blue-7 already");
    assertThat(client.send("DELETE", "/rooms/blue-7", null, "").statusCode()).isEqualTo(204);
    assertProblem(client.get("/rooms/blue-7"), 404, "No room blue-7");
    assertProblem(client.send("DELETE", "/rooms/blue-7", null, ""), 404, "No room blue-7");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"id":"A","title":"a"}  | id    | must be 1 to 40 of a-z, 0-9 and -
          {"title":"a"}           | id    | must not be blank
          {"id":"a","title":" "}  | title | must not be blank
          """)
  void refusesWhatIsNoRoom(String body, String field, String message) {
    HttpResponse<String> answer = create(body);
    assertProblem(answer, 400, "Some values are not valid.");
    JsonNode error = JsonMapper.shared().readTree(answer.body()).get("errors").get(0);
    assertThat(error.get("field").asString()).isEqualTo(field);
    assertThat(error.get("message").asString()).isEqualTo(message);
  }

  /** A WebSocket, a stream of events and a long poll hear what a fourth one posts. */
  @Test
  void allInARoomHearWhatIsSaid(@Autowired ChannelGroups groups) {
    String chat = "/rooms/red/chat";
    try (SocketClient socket = new SocketClient(port, chat);
        Stream<String> events = client.lines(chat, "Accept", "text/event-stream").body()) {
      CompletableFuture<HttpResponse<String>> poll = client.getAsync(chat);
      Eventually.get("members", () -> groups.group("room-red").size(), size -> size == 3);

      String message = "{\"from\":\"Ada\",\"text\":\"hello\"}";
      assertThat(client.send("POST", chat, Client.JSON, message).statusCode()).isEqualTo(204);
      assertThat(socket.nextText()).isEqualTo("Ada: hello");
      assertThat(Client.join(poll).body()).isEqualTo("Ada: hello");
      Iterator<String> lines = events.filter(line -> line.startsWith("data:")).iterator();
      assertThat(lines.next()).isEqualTo("data: Ada: hello");

      socket.send("{\"from\":\"Grace\",\"text\":\"hi\"}");
      assertThat(socket.nextText()).isEqualTo("Grace: hi");
      assertThat(lines.next()).isEqualTo("data: Grace: hi");
    }
  }

  @Test
  void closesAWebSocketThatSendsNoMessage() {
    try (SocketClient socket = new SocketClient(port, "/rooms/green/chat")) {
      socket.send("{\"from\":\"\",\"text\":\"hi\"}");
      assertThat(socket.closeCode()).isEqualTo(1007);
    }
  }

  /** By the interceptor, whoever answers. */
  @ParameterizedTest
  @CsvSource({"/rooms, 200", "/rooms/none, 404", "/hello, 200", "/nowhere, 404", "/livez, 200"})
  void saysThatTypesAreToBeTakenAsTheyAre(String path, int status) {
    HttpResponse<String> answer = client.get(path);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
  }

  private HttpResponse<String> create(String room) {
    return client.send("POST", "/rooms", Client.JSON, room);
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String detail) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    JsonNode problem = JsonMapper.shared().readTree(answer.body());
    assertThat(problem.get("detail").asString()).isEqualTo(detail);
  }
}
