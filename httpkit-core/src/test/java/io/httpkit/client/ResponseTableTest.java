package io.httpkit.client;

import static io.httpkit.client.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.client.RecordingEvents.Event;
import io.httpkit.client.ResponseCase.Ending;
import io.httpkit.client.ResponseCase.Next;
import io.httpkit.client.ScriptedServer.Peer;
import io.httpkit.http.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each response however it comes and however it is read, and the connection behind it. */
class ResponseTableTest {
  @RegisterExtension final NothingLeft all = new NothingLeft();

  /** How bytes are sent. */
  private interface Sending {
    void send(Peer peer, String bytes) throws IOException;
  }

  private HttpClient newClient() {
    return all.client(config -> config.maxLine(64).maxHeaderBytes(300).maxHeaders(8).maxBody(100));
  }

  static Stream<ResponseCase> cases() {
    return ResponseCases.all();
  }

  /** Those that are worth being cut at each position. */
  static Stream<ResponseCase> someCases() {
    return cases()
        .filter(
            row ->
                Stream.of(
                        "chunks",
                        "trailers",
                        "103 Early Hints",
                        "HEAD",
                        "until close",
                        "205, length")
                    .anyMatch(row.name()::equals));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void takesItWhole(ResponseCase row) throws Exception {
    run(row, Peer::send, Reading.COLLECTED);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void takesItByteByByte(ResponseCase row) throws Exception {
    run(row, ResponseTableTest::sendRudely, Reading.COLLECTED);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void streamsItWhole(ResponseCase row) throws Exception {
    run(row, Peer::send, Reading.STREAMED);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void streamsItByteByByte(ResponseCase row) throws Exception {
    run(row, ResponseTableTest::sendRudely, Reading.STREAMED);
  }

  @ParameterizedTest
  @MethodSource("someCases")
  void takesItCutInTwo(ResponseCase row) throws Exception {
    for (int cut = 1; cut < row.response().length(); cut++) {
      int at = cut;
      run(
          row,
          (peer, bytes) -> peer.send(bytes.substring(0, at)).send(bytes.substring(at)),
          Reading.COLLECTED);
    }
  }

  /** The client may have closed the connection before the last byte. */
  private static void sendRudely(Peer peer, String bytes) {
    try {
      peer.sendByteByByte(bytes);
    } catch (IOException e) {
      // it is what the row says that counts
    }
  }

  private enum Reading {
    COLLECTED,
    STREAMED
  }

  private void run(ResponseCase row, Sending sending, Reading reading) throws Exception {
    int closedBefore = all.events.count(RecordingEvents.Kind.CLOSE);
    ScriptedServer server = all.server();
    HttpClient client = newClient();
    RequestBuilder request = client.request(row.method(), server.url("/1")).maxBody(100);
    CompletableFuture<ClientResponse> future =
        reading == Reading.STREAMED ? request.stream() : request.send();
    Peer peer = server.accept().expect(server.request(row.method().name(), "/1"));
    sending.send(peer, row.response());
    end(peer, row.ending());
    Result result = result(future);
    if (row.kind() == null) {
      assertThat(result.failure).isNull();
      assertThat(result.status).isEqualTo(row.status());
      assertThat(result.body).isEqualTo(row.body());
      if (row.headers() != null) {
        assertThat(lines(result.headers)).isEqualTo(row.headers());
      }
    } else {
      assertThat(result.failure).isNotNull();
      assertThat(result.failure.getMessage()).contains(row.message());
      assertThat(result.failure.kind()).isEqualTo(row.kind());
    }
    if (row.next() == Next.CLOSED) {
      peer.readToEnd();
      all.events.await(RecordingEvents.Kind.CLOSE, closedBefore + 1);
    }
    secondRequest(client, server, row.next() == Next.CLOSED ? null : peer);
    assertThat(all.events.all(RecordingEvents.Kind.RETRY)).isEmpty();
    client.stop().get();
    server.close();
  }

  private static void end(Peer peer, Ending ending) throws IOException {
    switch (ending) {
      case STAYS_OPEN -> {}
      case HALF_CLOSES -> peer.halfClose();
      case CLOSES -> peer.close();
      case RESETS -> {
        // what was sent must have been read, as a reset overtakes it
        peer.halfClose();
        peer.readToEnd();
      }
    }
  }

  /**
   * Goes over the same connection as the first.
   *
   * @param first null if it takes another connection
   */
  private static void secondRequest(HttpClient client, ScriptedServer server, @Nullable Peer first)
      throws Exception {
    CompletableFuture<ClientResponse> future = client.get(server.url("/2")).send();
    Peer second = first == null ? server.accept() : first;
    second.expect(server.request("GET", "/2")).send(ok("second"));
    assertThat(Outcome.of(future).text()).isEqualTo("second");
  }

  private static String lines(Headers headers) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < headers.size(); i++) {
      lines.append(headers.name(i)).append(": ").append(headers.value(i)).append('\n');
    }
    return lines.toString();
  }

  /** What the application sees. */
  private static final class Result {
    int status;
    Headers headers = Headers.empty();
    String body = "";
    @Nullable ClientException failure;
  }

  private static Result result(CompletableFuture<ClientResponse> future) throws Exception {
    Result result = new Result();
    try (ClientResponse response = Outcome.of(future);
        InputStream in = response.stream()) {
      result.status = response.status().code();
      result.headers = response.headers();
      result.body = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (AssertionError e) {
      if (!(e.getCause() instanceof ClientException known)) {
        throw e;
      }
      result.failure = known;
    } catch (ClientException e) {
      result.failure = e;
    }
    return result;
  }

  @Test
  void givesTrailersOfABodyThatIsCollected() throws Exception {
    ScriptedServer server = all.server();
    CompletableFuture<ClientResponse> future = all.client().get(server.url("/")).send();
    server
        .accept()
        .expect(server.request("GET", "/"))
        .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nT: a\r\n\r\n");
    ClientResponse response = Outcome.of(future);
    assertThat(lines(response.trailers())).isEqualTo("T: a\n");
    assertThat(response.headers().contains("T")).isFalse();
  }

  @Test
  void waitsForTheEndOfTrailers() throws Exception {
    ScriptedServer server = all.server();
    CompletableFuture<ClientResponse> future = all.client().get(server.url("/")).send();
    Peer peer = server.accept().expect(server.request("GET", "/"));
    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nT: a\r\n\r");
    assertThat(peer.isSilentFor(java.time.Duration.ofMillis(100))).isTrue();
    assertThat(future).isNotDone();
    peer.send("\n");
    assertThat(Outcome.of(future).bytes()).isEmpty();
  }

  @Test
  void closesAnIdleConnectionOnWhichSomethingComes() throws Exception {
    for (String unexpected : new String[] {"x", "\r\n", ok("stolen")}) {
      ScriptedServer server = all.server();
      HttpClient client = all.client();
      CompletableFuture<ClientResponse> first = client.get(server.url("/")).send();
      Peer peer = server.accept().expect(server.request("GET", "/")).send(ok("first"));
      assertThat(Outcome.of(first).text()).isEqualTo("first");
      peer.send(unexpected).expectEof();
      CompletableFuture<ClientResponse> second = client.get(server.url("/")).send();
      server.accept().expect(server.request("GET", "/")).send(ok("second"));
      assertThat(Outcome.of(second).text()).isEqualTo("second");
    }
  }

  @Test
  void dropsABodyThatIsDiscarded() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(config -> config.maxBody(1));
    CompletableFuture<ClientResponse> future = client.get(server.url("/")).discard();
    Peer peer = server.accept().expect(server.request("GET", "/")).send(ok("x".repeat(200_000)));
    ClientResponse response = Outcome.of(future);
    assertThat(response.bytes()).isEmpty();
    CompletableFuture<ClientResponse> again = client.get(server.url("/")).send();
    peer.expect(server.request("GET", "/")).send(ok(""));
    assertThat(Outcome.of(again).status().code()).isEqualTo(200);
  }

  /** The limit of the client is for what is collected, that of the request for all. */
  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 11\r\n\r\n", "Connection: close\r\n\r\nmore than 10"})
  void failsADiscardedBodyThatIsLargerThanTheRequestAllows(String rest) throws Exception {
    ScriptedServer server = all.server();
    CompletableFuture<ClientResponse> future =
        all.client().get(server.url("/")).maxBody(10).discard();
    server.accept().expect(server.request("GET", "/")).send("HTTP/1.1 200 OK\r\n" + rest);
    assertThat(Outcome.failure(future, Kind.TOO_LARGE))
        .hasMessageContaining("is larger than 10 bytes (maxBody)");
  }

  @Test
  void failsADiscardedBodyThatBreaks() throws Exception {
    ScriptedServer server = all.server();
    CompletableFuture<ClientResponse> future = all.client().get(server.url("/")).discard();
    server
        .accept()
        .expect(server.request("GET", "/"))
        .send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell")
        .close();
    Outcome.failure(future, Kind.CLOSED);
    Event event = all.events.await(RecordingEvents.Kind.FAILURE);
    assertThat(event.error()).isInstanceOf(ClientException.class);
  }
}
