package io.httpkit.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class TickerTest {
  @LocalServerPort private int port;

  @Test
  void sendsAChunkForEachMessage() throws IOException {
    String answer =
        RawClient.exchange(port, "GET /ticker HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    String chunks =
        messages().map(text -> "17\r\n" + text + "\n\r\n").collect(Collectors.joining());
    assertThat(answer)
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("\r\nTransfer-Encoding: chunked\r\n");
    assertThat(answer.substring(answer.indexOf("\r\n\r\n") + 4)).isEqualTo(chunks + "0\r\n\r\n");
  }

  @Test
  void sendsThemOneByOne() {
    List<String> lines = new ArrayList<>();
    List<Long> times = new ArrayList<>();
    try (Stream<String> answer = new Client(port).lines("/ticker").body()) {
      answer.forEach(
          line -> {
            lines.add(line);
            times.add(System.nanoTime());
          });
    }
    assertThat(lines).containsExactlyElementsOf(messages().toList());
    // Nine pauses of 200 ms; that the first line comes late makes the time between seem shorter.
    Duration between = Duration.ofNanos(times.get(9) - times.get(0));
    assertThat(between).isGreaterThan(Duration.ofMillis(400));
  }

  @Test
  void sendsThemOverAWebSocketToo() {
    try (SocketClient socket = new SocketClient(port, "/ticker")) {
      messages().forEach(text -> assertThat(socket.nextText()).isEqualTo(text + "\n"));
      assertThat(socket.closeCode()).isEqualTo(1000);
    }
  }

  private static Stream<String> messages() {
    return IntStream.range(0, 10).mapToObj(number -> "message from server #" + number);
  }
}
