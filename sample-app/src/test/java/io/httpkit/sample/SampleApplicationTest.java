package io.httpkit.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class SampleApplicationTest {
  private static final int FOUR_MIB = 4 << 20;

  @LocalServerPort private int port;

  private Client client = new Client(0);

  @BeforeEach
  void connect() {
    client = new Client(port);
  }

  @Test
  void showsAPage() {
    HttpResponse<String> response = client.get("/");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
    assertThat(response.headers().firstValue("Server")).hasValue("http-kit");
    assertThat(response.body()).contains("Hello from httpkit");
  }

  @Test
  void answersHeadWithoutBody() {
    HttpResponse<String> response = client.send("HEAD", "/", null, "");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValueAsLong("Content-Length").orElse(0)).isPositive();
    assertThat(response.body()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/hello,                 'Hello, world!'",
    "/hello?name=Ada,        'Hello, Ada!'",
    "/hello?name=Zo%C3%AB+B, 'Hello, Zoë B!'"
  })
  void greets(String path, String greeting) {
    HttpResponse<String> response = client.get(path);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
    assertThat(response.body()).isEqualTo(greeting);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT"})
  void tellsTheSizeOfAnUpload(String method) {
    assertThat(client.send(method, "/upload", null, "12345").body()).isEqualTo("{\"bytes\":5}");
  }

  @Test
  void takesAChunkedUpload() {
    // Of a stream the client does not know the length, so it sends chunks.
    HttpResponse<String> response =
        client.send(
            "POST",
            "/upload",
            null,
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[FOUR_MIB])));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(Client.json(response).get("bytes").asInt()).isEqualTo(FOUR_MIB);
  }

  @ParameterizedTest
  @CsvSource({
    "/later?millis=1, later: after 1 ms",
    "/slow?millis=1,  slow: after 1 ms",
    "/later?millis=0, later: after 0 ms"
  })
  void answersAfterAWhile(String path, String text) {
    assertThat(client.get(path).body()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/slow?millis=2001", "/slow?millis=-1", "/later?millis=soon"})
  void limitsTheWait(String path) {
    HttpResponse<String> response = client.get(path);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Client.json(response).get("allowed").asString())
        .isEqualTo("a whole number from 0 to 2000");
  }

  @Test
  void answers404ForAnUnknownPath() {
    assertThat(client.get("/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void answers405WithTheMethodsThereAre() {
    HttpResponse<String> response = client.send("DELETE", "/upload", null, "");
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow").orElse("").split(", "))
        .containsExactlyInAnyOrder("OPTIONS", "POST", "PUT");
  }

  @Test
  void answers413ForABodyThatIsTooLong() throws Exception {
    String head = "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 8388609\r\n\r\n";
    assertThat(RawClient.exchange(port, head))
        .startsWith("HTTP/1.1 413 Content Too Large\r\n")
        .containsIgnoringCase("\r\nConnection: close\r\n");
  }

  @Test
  void answers414ForALineThatIsTooLong() throws Exception {
    String head = "GET /" + "a".repeat(8192) + " HTTP/1.1\r\nHost: a\r\n\r\n";
    assertThat(RawClient.exchange(port, head)).startsWith("HTTP/1.1 414 URI Too Long\r\n");
  }

  @Test
  void answers431ForAHeaderThatIsTooLong() throws Exception {
    String head = "GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(8192) + "\r\n\r\n";
    assertThat(RawClient.exchange(port, head))
        .startsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n");
  }

  @Test
  void answersPipelinedRequestsInOrder() throws Exception {
    String requests =
        """
        GET /slow?millis=20 HTTP/1.1
        Host: a

        GET /hello?name=second HTTP/1.1
        Host: a
        Connection: close

        """
            .replace("\n", "\r\n");
    String responses = RawClient.exchange(port, requests);
    assertThat(responses).containsSubsequence("slow: after 20 ms", "Hello, second!");
  }
}
