package io.httpkit.sample.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.sample.programs.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A WebSocket of the application with the client of another author, {@code ws} of Node.js. */
@Tag("browser")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class NodeClientTest {
  /** Where the build has installed the client and what it needs. */
  private static final Path DIRECTORY = Path.of("target", "node");

  @LocalServerPort private int port;

  @Test
  void understandsAllThatItSends() throws IOException, InterruptedException {
    JsonNode report = JsonMapper.shared().readTree(run("http://localhost:" + port));

    assertThat(report.get("extensions").toString()).isEqualTo("[\"permessage-deflate\"]");
    assertMessage(report.get("text"), "grüße ✓", false);
    assertMessage(report.get("binary"), "0001feff", true);
    assertMessage(report.get("fragments"), "one two three", false);
    assertThat(report.get("pong").asString()).isEqualTo("are you there?");
    assertThat(report.get("closed").asInt()).isEqualTo(4001);
    assertThat(report.get("badFrame").asInt()).isEqualTo(1002);

    JsonNode large = report.get("large");
    int tenth = large.get("length").asInt() / 10;
    assertThat(large.get("same").asBoolean()).isTrue();
    assertThat(large.get("written").asInt()).isLessThan(tenth);
    assertThat(large.get("read").asInt()).isLessThan(tenth);
  }

  private static void assertMessage(JsonNode message, String data, boolean isBinary) {
    assertThat(message.get("data").asString()).isEqualTo(data);
    assertThat(message.get("isBinary").asBoolean()).isEqualTo(isBinary);
  }

  /** What the client has printed. It ends by itself. */
  private static String run(String origin) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(Programs.find("node", "nodejs"), "client.js", origin)
            .directory(DIRECTORY.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      process.getOutputStream().close();
      String report = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as("exit of the client, which said: %s", report).isZero();
      return report;
    } finally {
      Programs.end(process);
    }
  }
}
