package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.client.RecordingEvents.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client with nginx, which serves files and refuses requests. */
@Tag("counterparts")
@Timeout(60)
class NginxTest {
  private static final int LARGE = 16 << 20;
  private static final String LINE = "the quick brown fox\n";

  @RegisterExtension final NothingLeft made = new NothingLeft();
  @RegisterExtension final Counterparts counterparts = new Counterparts();

  @TempDir private Path directory;

  /** A server that tells how many requests have come on a connection. */
  private String nginx(String server) throws Exception {
    write("small.txt", LINE);
    int port =
        counterparts.nginx(
            directory,
            """
            server {
              listen 127.0.0.1:PORT;
              add_header X-Requests $connection_requests always;
              %s
            }
            """
                .formatted(server));
    return "http://127.0.0.1:" + port;
  }

  private void write(String name, String text) throws IOException {
    Path file = directory.resolve("www").resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text);
  }

  private byte[] writeLarge() throws IOException {
    byte[] bytes = new byte[LARGE];
    new Random(42).nextBytes(bytes);
    Files.createDirectories(directory.resolve("www"));
    Files.write(directory.resolve("www/large.bin"), bytes);
    return bytes;
  }

  private static void assertSame(byte[] actual, byte[] expected) {
    assertThat(Arrays.mismatch(actual, expected)).as("first byte that differs").isEqualTo(-1);
  }

  private static ClientResponse ok(RequestBuilder request) throws InterruptedException {
    ClientResponse response = Outcome.of(request.send());
    assertThat(response.status().code()).isEqualTo(200);
    return response;
  }

  // ---- connections

  @Test
  void connectionIsUsedAgain() throws Exception {
    String url = nginx("") + "/small.txt";
    HttpClient client = made.client();

    for (int i = 1; i <= 100; i++) {
      ClientResponse response = ok(client.get(url));
      assertThat(response.text()).isEqualTo(LINE);
      assertThat(response.header("X-Requests")).isEqualTo(Integer.toString(i));
    }

    assertThat(made.events.count(Kind.CONNECT)).isEqualTo(1);
  }

  @Test
  void manyRequestsShareFewConnections() throws Exception {
    String url = nginx("") + "/small.txt";
    HttpClient client = made.client(config -> config.maxConnectionsPerOrigin(8));

    List<Future<ClientResponse>> all = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      all.add(client.get(url).send());
    }

    for (Future<ClientResponse> one : all) {
      assertThat(Outcome.of(one).text()).isEqualTo(LINE);
    }
    assertThat(made.events.count(Kind.CONNECT)).isBetween(1, 8);
  }

  @Test
  void serverThatClosesAfterSomeRequestsIsNoFailure() throws Exception {
    String url =
        nginx(
            """
            keepalive_requests 3;
            location = /post { return 200; }
            """);
    HttpClient client = made.client();

    for (int i = 0; i < 20; i++) {
      ClientResponse response =
          ok(i % 2 == 0 ? client.get(url + "/small.txt") : client.post(url + "/post").body("x"));
      assertThat(response.header("X-Requests")).isEqualTo(Integer.toString(i % 3 + 1));
    }

    assertThat(made.events.count(Kind.CONNECT)).isEqualTo(7);
    assertThat(made.events.count(Kind.RETRY)).isZero();
  }

  @Test
  void connectionThatTheServerHasClosedIsForgotten() throws Exception {
    String url = nginx("keepalive_timeout 100ms;") + "/small.txt";
    HttpClient client = made.client();

    for (int i = 1; i <= 3; i++) {
      assertThat(ok(client.get(url)).header("X-Requests")).isEqualTo("1");
      made.events.await(Kind.CLOSE, i);
      assertThat(client.statistics()).isEqualTo(new ClientStatistics(0, 0, 0));
    }
  }

  /** The server closes just when the next request may be on its way. */
  @Test
  void connectionThatIsClosedWhileItIsUsedIsNoFailure() throws Exception {
    String url = nginx("keepalive_timeout 1ms;") + "/small.txt";
    HttpClient client = made.client();
    assertThat(ok(client.get(url)).text()).isEqualTo(LINE);
    made.events.await(Kind.CLOSE);

    for (int i = 0; i < 500; i++) {
      assertThat(ok(client.get(url)).text()).isEqualTo(LINE);
    }
  }

  @Test
  void hintOfTheServerIsObeyed() throws Exception {
    String url = nginx("keepalive_timeout 60s 1s;") + "/small.txt";
    HttpClient client = made.client();

    assertThat(ok(client.get(url)).header("Keep-Alive")).isEqualTo("timeout=1");

    made.events.await(Kind.CLOSE);
  }

  // ---- bodies

  @Test
  void largeBodyIsCollected() throws Exception {
    byte[] large = writeLarge();
    String url = nginx("") + "/large.bin";

    assertSame(ok(made.client().get(url)).bytes(), large);
  }

  @Test
  void largeBodyIsTakenPieceByPiece() throws Exception {
    byte[] large = writeLarge();
    String url = nginx("") + "/large.bin";
    HttpClient client = made.client();
    OneByOne subscriber = new OneByOne();

    Outcome.of(client.get(url).stream()).publisher().subscribe(subscriber);

    assertSame(Outcome.of(subscriber.whole), large);
    assertThat(ok(client.head(url)).header("X-Requests")).isEqualTo("2");
  }

  @Test
  void largeBodyIsReadAsAStream() throws Exception {
    byte[] large = writeLarge();
    String url = nginx("") + "/large.bin";

    try (InputStream in = Outcome.of(made.client().get(url).stream()).stream()) {
      assertSame(in.readAllBytes(), large);
    }
  }

  @Test
  void bodyThatIsLetGoOfClosesTheConnection() throws Exception {
    writeLarge();
    String url = nginx("") + "/large.bin";
    HttpClient client = made.client();

    try (InputStream in = Outcome.of(client.get(url).stream()).stream()) {
      assertThat(in.readNBytes(1000)).hasSize(1000);
    }

    made.events.await(Kind.CLOSE);
    assertThat(ok(client.get(url).maxBody(LARGE)).header("X-Requests")).isEqualTo("1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip on                                                | chunked",
        "gzip on; chunked_transfer_encoding off                 | null",
      },
      nullValues = "null")
  void compressedBodyIsDecompressed(String options, String framing) throws Exception {
    String text =
        IntStream.range(0, 100_000).mapToObj(i -> i + " " + LINE).collect(Collectors.joining());
    write("text.txt", text);
    String url = nginx(options + "; gzip_min_length 1; gzip_types text/plain;") + "/text.txt";
    HttpClient client = made.client();

    for (int i = 0; i < 3; i++) {
      ClientResponse response = ok(client.get(url).compression(true));
      assertThat(response.header("Transfer-Encoding")).isEqualTo(framing);
      assertThat(response.text()).isEqualTo(text);
    }

    assertThat(made.events.count(Kind.CONNECT)).isEqualTo(framing == null ? 3 : 1);
    assertThat(ok(client.get(url)).text()).isEqualTo(text);
  }

  @Test
  void headHasNoBody() throws Exception {
    writeLarge();
    String url = nginx("") + "/large.bin";
    HttpClient client = made.client();

    ClientResponse head = ok(client.head(url));

    assertThat(head.header("Content-Length")).isEqualTo(Integer.toString(LARGE));
    assertThat(head.length()).isZero();
    assertThat(ok(client.get(url)).header("X-Requests")).isEqualTo("2");
  }

  // ---- other answers

  @Test
  void unchangedFileIsNotSentAgain() throws Exception {
    String url = nginx("") + "/small.txt";
    HttpClient client = made.client();
    String tag = Objects.requireNonNull(ok(client.get(url)).header("ETag"));

    ClientResponse unchanged = Outcome.of(client.get(url).header("If-None-Match", tag).send());

    assertThat(unchanged.status().code()).isEqualTo(304);
    assertThat(unchanged.length()).isZero();
    assertThat(unchanged.header("ETag")).isEqualTo(tag);
    assertThat(ok(client.get(url).header("If-None-Match", "\"other\"")).text()).isEqualTo(LINE);
    assertThat(made.events.count(Kind.CONNECT)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes=4-8     | 206 | bytes 4-8/20  | quick",
        "bytes=-4      | 206 | bytes 16-19/20 | fox",
        "bytes=16-     | 206 | bytes 16-19/20 | fox",
        "bytes=20-     | 416 | bytes */20    | null",
        "bytes=0-0,2-2 | 206 | null          | null",
      },
      nullValues = "null")
  void partOfAFileIsAskedFor(String range, int status, String answer, String text)
      throws Exception {
    String url = nginx("") + "/small.txt";
    HttpClient client = made.client();

    ClientResponse response = Outcome.of(client.get(url).header("Range", range).send());

    assertThat(response.status().code()).isEqualTo(status);
    assertThat(response.header("Content-Range")).isEqualTo(answer);
    if (text != null) {
      assertThat(response.text().strip()).isEqualTo(text);
    }
    assertThat(ok(client.get(url)).header("X-Requests")).isEqualTo("2");
  }

  @Test
  void directoryIsFoundByARedirect() throws Exception {
    write("dir/index.html", "in the directory");
    String url = nginx("") + "/dir";

    ClientResponse response = ok(made.client().get(url));

    assertThat(response.text()).isEqualTo("in the directory");
    assertThat(response.redirects()).containsExactly(url, url + "/");
    assertThat(made.events.count(Kind.CONNECT)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "/missing, 404, 404 Not Found",
    "/down, 503, back soon",
    "/teapot, 418, short and stout",
    "/forbidden, 403, 403 Forbidden",
    "/nobody, 502, 502 Bad Gateway"
  })
  void errorIsAResponse(String path, int status, String text) throws Exception {
    write("soon.html", "back soon");
    String url =
        nginx(
            """
            error_page 503 /soon.html;
            location = /down { return 503; }
            location = /teapot { return 418 "short and stout"; }
            location = /forbidden { deny all; }
            location = /nobody { proxy_pass http://unix:%s; }
            """
                .formatted(directory.resolve("nobody")));
    HttpClient client = made.client();

    ClientResponse response = Outcome.of(client.get(url + path).send());

    assertThat(response.status().code()).isEqualTo(status);
    assertThat(response.text()).contains(text);
    assertThat(ok(client.get(url + "/small.txt")).header("X-Requests")).isEqualTo("2");
  }

  @Test
  void closeWithoutAnAnswerIsAFailure() throws Exception {
    String url = nginx("location = /gone { return 444; }");
    HttpClient client = made.client();

    Outcome.failure(client.get(url + "/gone").send(), ClientException.Kind.CLOSED);

    assertThat(ok(client.get(url + "/small.txt")).text()).isEqualTo(LINE);
  }

  // ---- requests that are refused

  @ParameterizedTest
  @ValueSource(ints = {9_000, 40_000, 1 << 20})
  void requestWithAHugeHeaderIsRefused(int length) throws Exception {
    String url = nginx("large_client_header_buffers 2 4k;") + "/small.txt";
    HttpClient client = made.client();

    ClientResponse response = Outcome.of(client.get(url).header("X", "x".repeat(length)).send());

    assertThat(response.status().code()).isEqualTo(400);
    assertThat(response.text()).contains("Request Header Or Cookie Too Large");
    assertThat(ok(client.get(url)).text()).isEqualTo(LINE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bodyThatIsTooLargeIsRefusedWhileItIsSent(boolean isChunked) throws Exception {
    String url =
        nginx(
            """
            client_max_body_size 1m;
            location = /upload { proxy_pass http://unix:%s; }
            """
                .formatted(directory.resolve("nobody")));
    HttpClient client = made.client();
    byte[] body = new byte[LARGE];
    RequestBuilder request = client.post(url + "/upload");

    ClientResponse response =
        Outcome.of(
            (isChunked ? request.body(new ByteArrayInputStream(body)) : request.body(body)).send());

    assertThat(response.status().code()).isEqualTo(413);
    assertThat(ok(client.get(url + "/small.txt")).text()).isEqualTo(LINE);
  }

  @Test
  void bodyThatIsTooLargeIsNotSentIfAskedBefore() throws Exception {
    String url =
        nginx(
            """
            client_max_body_size 1m;
            location = /upload { proxy_pass http://unix:%s; }
            """
                .formatted(directory.resolve("nobody")));
    ManualPublisher body = new ManualPublisher();

    ClientResponse response =
        Outcome.of(
            made.client()
                .post(url + "/upload")
                .body(body, LARGE)
                .expectContinue()
                .idleTimeout(Duration.ZERO)
                .send());

    assertThat(response.status().code()).isEqualTo(413);
    assertThat(body.wishes).noneMatch(wish -> wish.startsWith("request"));
  }
}
