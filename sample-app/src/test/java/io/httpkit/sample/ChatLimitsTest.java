package io.httpkit.sample;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** A chat with a short memory and little patience. */
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {"sample.chat.history=2", "sample.chat.patience=50ms"})
class ChatLimitsTest {
  @LocalServerPort private int port;

  @Test
  void keepsTheLatestMessagesAndDoesNotWaitLongForOthers() {
    Client client = new Client(port);
    for (String text : new String[] {"one", "two", "three"}) {
      String message = "{\"user\":\"Ada\",\"text\":\"" + text + "\"}";
      assertThat(client.send("POST", "/chat", Client.JSON, message).statusCode()).isEqualTo(200);
    }
    JsonNode kept = Client.json(client.get("/chat?since=0"));
    assertThat(kept.valueStream().map(message -> message.get("text").asString()))
        .containsExactly("two", "three");
    assertThat(client.get("/chat?since=3").body()).isEqualTo("[]");
  }
}
