package io.httpkit.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.server.Response;
import io.httpkit.spring.boot.server.RouterCustomizer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;

/** Upstreams of all kinds, with a deadline that a busy machine meets too. */
@Timeout(60)
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "sample.upstreams.deadline=" + UpstreamsTest.DEADLINE_MILLIS + "ms",
      "sample.upstreams.urls.missing=/nowhere",
      "sample.upstreams.urls.long=/long",
      // Port 1 is reserved, and nobody listens there.
      "sample.upstreams.urls.absent=http://localhost:1/"
    })
class UpstreamsTest {
  static final int DEADLINE_MILLIS = 2000;

  @LocalServerPort private int port;

  @Test
  void tellsWhatCameOfEachByTheDeadline() {
    long start = System.nanoTime();
    HttpResponse<String> response = new Client(port).get("/upstreams");
    // Twice the deadline is when the slow one would answer.
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isLessThan(Duration.ofMillis(2 * DEADLINE_MILLIS));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
    List<JsonNode> answers = Client.json(response).valueStream().toList();
    assertThat(answers.stream().map(UpstreamsTest::told))
        .satisfiesExactly(
            absent ->
                assertThat(absent)
                    .startsWith("absent: failed, null, cannot connect to ")
                    .contains("localhost:1"),
            broken ->
                assertThat(broken)
                    .startsWith("broken: failed, null, the connection was closed within the body"),
            fast -> assertThat(fast).isEqualTo("fast: ok, here I am, null"),
            big -> assertThat(big).startsWith("long: failed, null, ").contains("65536"),
            missing ->
                assertThat(missing).isEqualTo("missing: failed, null, answered 404 Not Found"),
            slow -> assertThat(slow).isEqualTo("slow: timeout, null, null"));
    assertThat(answers.stream().map(answer -> answer.get("millis").asLong()))
        .allSatisfy(millis -> assertThat(millis).isNotNegative())
        // The slow one, which was given up at the deadline.
        .last(InstanceOfAssertFactories.LONG)
        .isGreaterThanOrEqualTo(DEADLINE_MILLIS);
  }

  private static String told(JsonNode answer) {
    return answer.get("name").asString()
        + ": "
        + String.join(", ", text(answer, "outcome"), text(answer, "body"), text(answer, "reason"));
  }

  private static String text(JsonNode answer, String name) {
    return answer.has(name) ? answer.get(name).asString() : "null";
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class LongConfiguration {
    @Bean
    RouterCustomizer longRoute() {
      return routes -> routes.get("/long", request -> Response.bytes(new byte[65537]));
    }
  }
}
