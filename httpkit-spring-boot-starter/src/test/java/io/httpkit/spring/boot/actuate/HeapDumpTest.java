package io.httpkit.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.httpkit.spring.boot.support.Http;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.management.HeapDumpWebEndpoint;

/** A heap dump is a large file that exists only until it is sent. */
class HeapDumpTest {
  /** More than fits between the two ends. */
  private static final int SIZE = 32 << 20;

  private static Application application;

  @BeforeAll
  static void start() {
    application =
        Application.start(Dumper.class, "management.endpoint.heapdump.access=unrestricted");
  }

  @AfterAll
  static void stop() {
    application.close();
  }

  @Test
  void isSentAndDeleted() {
    HttpResponse<String> response = application.get("/actuator/heapdump");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
    assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(SIZE);
    assertThat(response.body()).hasSize(SIZE);
    assertNothingIsLeft();
  }

  @Test
  void isDeletedWhenNobodyWantsItsBytes() {
    Http.send(application.request("/actuator/heapdump").method("HEAD", BodyPublishers.noBody()));

    assertNothingIsLeft();
  }

  @Test
  void isDeletedWhenTheClientLeaves() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), application.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          "GET /actuator/heapdump HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().readNBytes(1000)).hasSize(1000);
    }

    assertNothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(strings = {"?live=true", "?live=false"})
  void takesItsParameter(String query) {
    assertThat(application.get("/actuator/heapdump" + query).statusCode()).isEqualTo(200);
    assertThat(application.bean(Dumper.class).asked).endsWith(Boolean.valueOf(query.substring(6)));
    assertNothingIsLeft();
  }

  private static void assertNothingIsLeft() {
    List<Path> files = application.bean(Dumper.class).files;
    assertThat(files).isNotEmpty();
    await().atMost(Http.LIMIT).until(() -> files.stream().noneMatch(Files::exists));
  }

  static class Dumper extends HeapDumpWebEndpoint {
    final List<Path> files = new CopyOnWriteArrayList<>();
    final List<Boolean> asked = new CopyOnWriteArrayList<>();

    @Override
    protected HeapDumper createHeapDumper() {
      return live -> {
        Path path = Files.createTempFile("httpkit", ".hprof");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
          file.setLength(SIZE);
        }
        files.add(path);
        asked.add(live == null || live);
        return path.toFile();
      };
    }
  }
}
