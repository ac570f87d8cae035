package io.httpkit.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.spring.boot.server.RouterCustomizer;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;

/**
 * Many who ask, and two workers. Two of the upstreams answer nobody until all have asked them, so
 * nobody would be answered if a worker waited, or if one upstream was asked after the other.
 */
@Timeout(60)
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "httpkit.thread=2",
      "sample.upstreams.deadline=20s",
      "sample.upstreams.urls.fast=/together",
      "sample.upstreams.urls.slow=/together"
    })
class UpstreamsTogetherTest {
  private static final int ASKING = 100;

  @LocalServerPort private int port;

  @Test
  void answersAHundredAtOnce() {
    Client client = new Client(port);
    List<CompletableFuture<HttpResponse<String>>> answers =
        Stream.generate(() -> client.getAsync("/upstreams")).limit(ASKING).toList();
    assertThat(answers)
        .allSatisfy(
            answer ->
                assertThat(outcomes(Client.join(answer)))
                    .containsExactly("broken failed", "fast ok", "slow ok"));
  }

  private static List<String> outcomes(HttpResponse<String> response) {
    return Client.json(response)
        .valueStream()
        .map(answer -> answer.get("name").asString() + ' ' + answer.get("outcome").asString())
        .toList();
  }

  /** Answers all when the last has come. */
  static class Gathering {
    private final List<AsyncChannel> waiting = new ArrayList<>();

    synchronized void join(AsyncChannel channel) {
      waiting.add(channel);
      if (waiting.size() == 2 * ASKING) {
        waiting.forEach(each -> each.send("all are here"));
      }
    }
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class TogetherConfiguration {
    @Bean
    RouterCustomizer togetherRoute() {
      Gathering gathering = new Gathering();
      return routes -> routes.get("/together", request -> request.asChannel(gathering::join));
    }
  }
}
