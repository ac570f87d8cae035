package io.httpkit.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ClockTest {
  @LocalServerPort private int port;

  @Test
  void sendsNumberedEventsWithTheTime() {
    HttpResponse<Stream<String>> answer = new Client(port).lines("/clock");
    try (Stream<String> lines = answer.body()) {
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/event-stream");
      assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
      List<String> events = lines.limit(10).toList();
      assertEvent(events.subList(0, 5), 1);
      assertEvent(events.subList(5, 10), 2);
      assertThat(time(events.get(8))).isAfter(time(events.get(3)));
    }
  }

  private static void assertEvent(List<String> event, int id) {
    assertThat(event).startsWith("retry: 1000", "id: " + id, "event: tick").endsWith("");
  }

  private static Instant time(String line) {
    assertThat(line).startsWith("data: ");
    return Instant.parse(line.substring("data: ".length()));
  }

  @Test
  void countsOnFromTheLastEventSeen() {
    HttpResponse<Stream<String>> answer = new Client(port).lines("/clock", "Last-Event-ID", "41");
    try (Stream<String> lines = answer.body()) {
      assertThat(lines.limit(2)).containsExactly("retry: 1000", "id: 42");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "-1", "9007199254740992"})
  void refusesAnIdThatItNeverGave(String id) {
    HttpResponse<Stream<String>> answer = new Client(port).lines("/clock", "Last-Event-ID", id);
    try (Stream<String> lines = answer.body()) {
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(lines.findFirst().orElse("")).contains("Last-Event-ID was \\\"" + id);
    }
  }
}
