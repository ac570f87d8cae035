package io.httpkit.client;

import static io.httpkit.internal.codec.content.Compressed.damaged;
import static io.httpkit.internal.codec.content.Compressed.gzip;
import static io.httpkit.internal.codec.content.Compressed.join;
import static io.httpkit.internal.codec.content.Compressed.raw;
import static io.httpkit.internal.codec.content.Compressed.without;
import static io.httpkit.internal.codec.content.Compressed.zlib;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.client.ScriptedServer.Peer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies that come compressed: however they come and are read, and what they must not become. */
@Timeout(60)
class CompressionTest {
  private static final String TEXT = "a text, a text, and another text ".repeat(20);

  /** What any body may become. */
  private static final int FREE_BYTES = 1 << 20;

  private static final int PIECE_BYTES = 8 * 1024;

  @RegisterExtension final NothingLeft all = new NothingLeft();

  private enum Coding {
    GZIP,
    ZLIB,
    RAW;

    byte[] code(String text) {
      return switch (this) {
        case GZIP -> gzip(text);
        case ZLIB -> zlib(text);
        case RAW -> raw(text);
      };
    }

    String field() {
      return this == GZIP ? "gzip" : "deflate";
    }
  }

  /** How the application reads. */
  private enum Reading {
    COLLECTED,
    STREAM,
    PUBLISHER;

    CompletableFuture<ClientResponse> send(RequestBuilder request) {
      return this == COLLECTED ? request.send() : request.stream();
    }

    byte[] read(ClientResponse response) throws Exception {
      return switch (this) {
        case COLLECTED -> response.bytes();
        case STREAM -> {
          try (InputStream body = response.stream()) {
            yield body.readAllBytes();
          }
        }
        case PUBLISHER -> pieceByPiece(response);
      };
    }

    /** Each piece is asked for some time after the one before has come. */
    private static byte[] pieceByPiece(ClientResponse response) throws Exception {
      ByteArrayOutputStream read = new ByteArrayOutputStream();
      ManualSubscriber subscriber =
          new ManualSubscriber(
              (signal, subscription) -> {
                CompletableFuture<Void> unused =
                    CompletableFuture.runAsync(() -> subscription.request(1));
              });
      response.publisher().subscribe(subscriber);
      try {
        subscriber.end.get(20, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        throw (Exception) e.getCause();
      }
      for (ByteBuffer piece : subscriber.pieces) {
        byte[] some = new byte[piece.remaining()];
        piece.get(some);
        read.writeBytes(some);
      }
      return read.toByteArray();
    }
  }

  static List<List<Object>> allWays() {
    return Stream.of(Coding.values())
        .flatMap(coding -> Stream.of(Reading.values()).map(way -> List.<Object>of(coding, way)))
        .toList();
  }

  private HttpClient newClient() {
    return all.client(config -> config.compression(true));
  }

  /** How a body is sent. */
  private interface Sending {
    void send(Peer peer, byte[] body) throws IOException;
  }

  private static String head(String coding, int length) {
    return "HTTP/1.1 200 OK\r\nContent-Encoding: "
        + coding
        + "\r\nContent-Length: "
        + length
        + "\r\n\r\n";
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Sends a request, answers it, and takes what becomes of it. */
  private byte[] exchange(
      RequestBuilder request,
      ScriptedServer server,
      String coding,
      byte[] body,
      Reading reading,
      Sending sending)
      throws Exception {
    CompletableFuture<ClientResponse> future = reading.send(request);
    Peer peer = server.accept();
    assertThat(peer.head()).contains("\r\nAccept-Encoding: gzip, deflate\r\n");
    peer.send(head(coding, body.length));
    CompletableFuture<Void> sent =
        CompletableFuture.runAsync(
            () -> {
              try {
                sending.send(peer, body);
              } catch (IOException e) {
                // the client has seen enough
              }
            });
    try (ClientResponse response = future.get(20, TimeUnit.SECONDS)) {
      byte[] read = reading.read(response);
      if (read.length > 0) {
        assertThat(response.header("Content-Encoding")).isNull();
        assertThat(response.header("Content-Length")).isNull();
      }
      return read;
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    } finally {
      Outcome.of(sent);
    }
  }

  private ClientException refusal(String coding, byte[] body, Reading reading, long maxBody)
      throws Exception {
    ScriptedServer server = all.server();
    RequestBuilder request = newClient().get(server.url("/")).maxBody(maxBody);
    try {
      byte[] read = exchange(request, server, coding, body, reading, Peer::send);
      throw new AssertionError("it was read: " + text(read));
    } catch (ClientException e) {
      assertThat(e).hasMessageContaining(server.url("/"));
      return e;
    }
  }

  // ---- parts

  /** Who asks for a range of what is compressed gets that, and puts the ranges together. */
  @ParameterizedTest
  @EnumSource
  void partComesAsItIs(Reading reading) throws Exception {
    ScriptedServer server = all.server();
    byte[] part = Arrays.copyOf(gzip(TEXT), 6);
    CompletableFuture<ClientResponse> future =
        reading.send(
            newClient()
                .get(server.url("/"))
                .header("Range", "bytes=0-5")
                .header("Accept-Encoding", "gzip"));
    Peer peer = server.accept();
    peer.head();
    peer.send(head("gzip", part.length).replace("200 OK", "206 Partial Content")).send(part);

    try (ClientResponse response = Outcome.of(future)) {
      assertThat(reading.read(response)).isEqualTo(part);
      assertThat(response.header("Content-Encoding")).isEqualTo("gzip");
    }
  }

  /** The sizes of arrays are never reserved here, only computed. */
  @ParameterizedTest
  @CsvSource({
    "0, 100, 0",
    "10, 100, 20",
    "60, 100, 100",
    "1073741819, 2147483639, 2147483638",
    "1073741824, 2147483639, 2147483639",
    "2147483639, 2147483639, 2147483639",
    "2147483639, 5, 5",
  })
  void reservesNoMoreThanMayCome(int length, long limit, int expected) {
    assertThat(ContentStreams.firstCapacity(length, limit)).isEqualTo(expected);
  }

  // ---- however it comes

  @ParameterizedTest
  @MethodSource("allWays")
  void takesItByteByByte(List<Object> row) throws Exception {
    ScriptedServer server = all.server();
    Coding coding = (Coding) row.get(0);
    byte[] read =
        exchange(
            newClient().get(server.url("/")),
            server,
            coding.field(),
            coding.code(TEXT),
            (Reading) row.get(1),
            (peer, body) -> peer.sendByteByByte(text(body)));
    assertThat(text(read)).isEqualTo(TEXT);
  }

  @ParameterizedTest
  @MethodSource("allWays")
  void takesItCutInTwo(List<Object> row) throws Exception {
    Coding coding = (Coding) row.get(0);
    Reading reading = (Reading) row.get(1);
    ScriptedServer server = all.server();
    HttpClient client = newClient();
    String body = text(coding.code(TEXT));
    Peer peer = null;
    for (int cut = 1; cut < body.length(); cut++) {
      CompletableFuture<ClientResponse> future = reading.send(client.get(server.url("/")));
      peer = peer == null ? server.accept() : peer;
      String head = peer.head();
      assertThat(head).startsWith("GET / ");
      peer.send(head(coding.field(), body.length()) + body.substring(0, cut));
      peer.send(body.substring(cut));
      assertThat(text(reading.read(Outcome.of(future)))).isEqualTo(TEXT);
    }
    assertThat(client.statistics()).isEqualTo(new ClientStatistics(1, 1, 0));
  }

  /** Whatever is left in the inflater when all of its input is taken. */
  @ParameterizedTest
  @MethodSource("allWays")
  void losesNothingAtTheEndOfAPiece(List<Object> row) throws Exception {
    Coding coding = (Coding) row.get(0);
    Reading reading = (Reading) row.get(1);
    ScriptedServer server = all.server();
    HttpClient client = newClient();
    Peer peer = null;
    for (int length = 8190; length < 8192 + 260; length++) {
      byte[] body = coding.code("0".repeat(length));
      CompletableFuture<ClientResponse> future = reading.send(client.get(server.url("/")));
      peer = peer == null ? server.accept() : peer;
      String head = peer.head();
      assertThat(head).startsWith("GET / ");
      peer.send(join(latin1(head(coding.field(), body.length)), body));
      assertThat(reading.read(Outcome.of(future))).as("of %d bytes", length).hasSize(length);
    }
  }

  @ParameterizedTest
  @MethodSource("allWays")
  void emptyBodyIsEmptyInAnyCoding(List<Object> row) throws Exception {
    for (byte[] body : List.of(new byte[0], ((Coding) row.get(0)).code(""))) {
      ScriptedServer server = all.server();
      byte[] read =
          exchange(
              newClient().get(server.url("/")),
              server,
              ((Coding) row.get(0)).field(),
              body,
              (Reading) row.get(1),
              Peer::send);
      assertThat(read).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void bodyOfAnotherCodingIsLeftAsItIs(Reading reading) throws Exception {
    ScriptedServer server = all.server();
    CompletableFuture<ClientResponse> future = reading.send(newClient().get(server.url("/")));
    Peer peer = server.accept();
    assertThat(peer.head()).contains("Accept-Encoding");
    peer.send(head("br", 4)).send("code");
    try (ClientResponse response = Outcome.of(future)) {
      assertThat(text(reading.read(response))).isEqualTo("code");
      assertThat(response.header("Content-Encoding")).isEqualTo("br");
      assertThat(response.header("Content-Length")).isEqualTo("4");
    }
  }

  @ParameterizedTest
  @EnumSource
  void bodyIsLeftAsItIsIfThatIsAskedFor(Reading reading) throws Exception {
    ScriptedServer server = all.server();
    byte[] body = gzip(TEXT);
    CompletableFuture<ClientResponse> future =
        reading.send(newClient().get(server.url("/")).compression(false));
    Peer peer = server.accept();
    assertThat(peer.head()).doesNotContain("Accept-Encoding");
    peer.send(head("gzip", body.length)).send(body);
    try (ClientResponse response = Outcome.of(future)) {
      assertThat(reading.read(response)).isEqualTo(body);
      assertThat(response.header("Content-Encoding")).isEqualTo("gzip");
    }
  }

  // ---- what is broken

  static List<List<Object>> broken() {
    byte[] good = gzip(TEXT);
    return Stream.of(
            List.<Object>of("gzip", without(1, good), "ends too early"),
            List.<Object>of("gzip", without(good.length - 12, good), "ends too early"),
            List.<Object>of("gzip", without(good.length - 1, good), "ends too early"),
            List.<Object>of("gzip", damaged(-1, good), "does not match its checksum"),
            List.<Object>of("gzip", damaged(-5, good), "does not match its checksum"),
            List.<Object>of("gzip", damaged(0, good), "not gzip"),
            List.<Object>of("gzip", latin1("this is plain text"), "not gzip"),
            List.<Object>of("gzip", join(good, latin1("more")), "bytes behind"),
            List.<Object>of("deflate", without(1, zlib(TEXT)), "ends too early"),
            List.<Object>of("deflate", damaged(-1, zlib(TEXT)), "corrupt"),
            List.<Object>of("deflate", join(zlib(TEXT), latin1("more")), "bytes behind"),
            List.<Object>of("deflate", without(1, raw(TEXT)), "ends too early"))
        .flatMap(
            row ->
                Stream.of(Reading.values())
                    .map(way -> List.of(row.get(0), row.get(1), row.get(2), way)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("broken")
  void brokenBodyIsRefused(List<Object> row) throws Exception {
    ClientException refusal =
        refusal((String) row.get(0), (byte[]) row.get(1), (Reading) row.get(3), 1 << 20);
    assertThat(refusal.kind()).isEqualTo(Kind.RESPONSE_BODY);
    assertThat(refusal)
        .hasMessageContaining("cannot be decompressed")
        .hasMessageContaining((String) row.get(2));
  }

  @ParameterizedTest
  @EnumSource
  void bodyOfTwoCodingsIsRefused(Reading reading) throws Exception {
    ScriptedServer server = all.server();
    CompletableFuture<ClientResponse> future = reading.send(newClient().get(server.url("/")));
    Peer peer = server.accept();
    assertThat(peer.head()).startsWith("GET / ");
    byte[] body = gzip(TEXT);
    peer.send(head("gzip, gzip", body.length)).send(body);
    assertThat(Outcome.failure(future)).hasMessageContaining("more than one content coding");
  }

  // ---- what is too much

  @ParameterizedTest
  @MethodSource("allWays")
  void limitIsThatOfTheBodyWithoutItsCoding(List<Object> row) throws Exception {
    Coding coding = (Coding) row.get(0);
    Reading reading = (Reading) row.get(1);
    ScriptedServer server = all.server();
    byte[] body = coding.code("x".repeat(1000));
    assertThat(body).hasSizeLessThan(100);
    byte[] read =
        exchange(
            newClient().get(server.url("/")).maxBody(1000),
            server,
            coding.field(),
            body,
            reading,
            Peer::send);
    assertThat(read).hasSize(1000);

    ClientException refusal = refusal(coding.field(), body, reading, 999);
    assertThat(refusal.kind()).isEqualTo(Kind.TOO_LARGE);
    assertThat(refusal).hasMessageContaining("is larger than 999 bytes (maxBody)");
  }

  @ParameterizedTest
  @MethodSource("allWays")
  void limitIsThatOfTheBodyAsItComesToo(List<Object> row) throws Exception {
    Coding coding = (Coding) row.get(0);
    byte[] random = new byte[1000];
    new Random(42).nextBytes(random);
    byte[] body = coding.code(text(random));
    assertThat(body).hasSizeGreaterThan(1000);
    ClientException refusal = refusal(coding.field(), body, (Reading) row.get(1), 1000);
    assertThat(refusal.kind()).isEqualTo(Kind.TOO_LARGE);
    assertThat(refusal).hasMessageContaining("is larger than 1000 bytes (maxBody)");
  }

  /** A thousand bytes for each that is sent. */
  @ParameterizedTest
  @MethodSource("allWays")
  void bombIsRefused(List<Object> row) throws Exception {
    Coding coding = (Coding) row.get(0);
    byte[] bomb = coding.code("\0".repeat(2_000_000));
    assertThat(bomb).hasSizeLessThan(3000);
    ClientException refusal =
        refusal(coding.field(), bomb, (Reading) row.get(1), Integer.MAX_VALUE);
    assertThat(refusal.kind()).isEqualTo(Kind.RESPONSE_BODY);
    assertThat(refusal).hasMessageContaining("grows to more than 100 times what was sent");
  }

  /** However much it would become, it is not made. */
  @Test
  void bombIsNotInflatedFurtherThanAllowed() throws Exception {
    byte[] bomb = gzip("\0".repeat(100_000_000));
    ScriptedServer server = all.server();
    CompletableFuture<ClientResponse> future = newClient().get(server.url("/")).stream();
    Peer peer = server.accept();
    assertThat(peer.head()).startsWith("GET / ");
    peer.send(join(latin1(head("gzip", bomb.length)), bomb));
    try (ClientResponse response = Outcome.of(future);
        InputStream body = response.stream()) {
      assertThat(body.skip(FREE_BYTES - PIECE_BYTES)).isEqualTo(FREE_BYTES - PIECE_BYTES);
      assertThatThrownBy(() -> body.readNBytes(2 * PIECE_BYTES))
          .isInstanceOf(ClientException.class)
          .hasMessageContaining("grows to more than 100 times");
      assertThatThrownBy(body::read).hasMessageContaining("grows to more than 100 times");
    }
  }

  /** Only the compressed bytes wait for who does not read. */
  @Test
  void piecesAreInflatedWhenTheyAreAskedFor() throws Exception {
    byte[] body = gzip(TEXT.repeat(1000));
    ScriptedServer server = all.server();
    CompletableFuture<ClientResponse> future = newClient().get(server.url("/")).stream();
    Peer peer = server.accept();
    assertThat(peer.head()).startsWith("GET / ");
    peer.send(join(latin1(head("gzip", body.length)), body));
    try (ClientResponse response = Outcome.of(future)) {
      ManualSubscriber subscriber = new ManualSubscriber();
      response.publisher().subscribe(subscriber);
      int taken = 0;
      while (taken < TEXT.length() * 1000) {
        assertThat(subscriber.pieces).isEmpty();
        subscriber.request(1);
        int next = subscriber.next();
        assertThat(next).isLessThanOrEqualTo(PIECE_BYTES);
        taken += next;
      }
      Outcome.of(subscriber.end);
    }
  }
}
