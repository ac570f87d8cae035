package io.httpkit.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.ChannelGroup;
import io.httpkit.client.ClientConfig;
import io.httpkit.client.HttpClient;
import io.httpkit.server.Handler;
import io.httpkit.server.Response;
import io.httpkit.server.Router;
import io.httpkit.spring.boot.server.RouterCustomizer;
import io.httpkit.spring.boot.support.Http;
import io.httpkit.spring.boot.web.ChannelGroups;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HttpKitEndpointTest {
  private static Application application;
  private static JsonNode answer;

  @BeforeAll
  static void start() {
    application =
        Application.start(
            Beans.class,
            "management.server.port=0",
            "httpkit.loops=2",
            "httpkit.thread=3",
            "httpkit.queue-size=7");
    String path = "/actuator/httpkit";
    answer = JsonMapper.shared().readTree(Http.get(application.managementPort(), path).body());
  }

  @AfterAll
  static void stop() {
    application.close();
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "/servers/httpKitWebServer/status,                RUNNING",
    "/servers/httpKitWebServer/connections,           0",
    "/servers/httpKitWebServer/activeRequests,        0",
    "/servers/httpKitWebServer/rejectedRequests,      0",
    "/servers/httpKitWebServer/loops/0/connections,   0",
    "/servers/httpKitWebServer/loops/1/connections,   0",
    "/servers/httpKitWebServer/workers/max,           3",
    "/servers/httpKitWebServer/workers/queued,        0",
    "/servers/httpKitWebServer/channels/webSockets,   0",
    "/servers/httpKitWebServer/routes/0/method,       GET",
    "/servers/httpKitWebServer/routes/0/template,     /hello",
    "/servers/httpKitWebServer/routes/1/template,     /more",
    "/servers/httpKitManagementServer/status,         RUNNING",
    "/servers/httpKitManagementServer/connections,    1",
    "/servers/httpKitManagementServer/activeRequests, 1",
    "/servers/httpKitManagementServer/loops/0/connections, 1",
    "/workers/kind,                                   platform",
    "/workers/threads,                                3",
    "/workers/queueSize,                              7",
    "/groups/room,                                    0",
    "/clients/client/open,                            0",
    "/clients/client/waiting,                         0",
  })
  void tells(String pointer, String value) {
    assertThat(answer.at(pointer).asString()).isEqualTo(value);
  }

  /** A channel that waits in a group that is made when it is asked for. */
  @Test
  void tellsOpenChannelsAndNamedGroups() throws Exception {
    try (Application other = Application.start(Waiting.class, "management.server.port=0")) {
      CompletableFuture<HttpResponse<String>> poll = Http.getAsync(other.port(), "/wait");
      assertThat(other.bean(Waiting.class).joined.await(20, TimeUnit.SECONDS)).isTrue();

      HttpResponse<String> told = Http.get(other.managementPort(), "/actuator/httpkit");
      JsonNode server = JsonMapper.shared().readTree(told.body());
      assertThat(server.at("/groups/blue").asInt()).isEqualTo(1);
      assertThat(server.at("/servers/httpKitWebServer/channels/responses").asInt()).isEqualTo(1);
      other.bean(ChannelGroups.class).group("blue").broadcast("over");
      assertThat(poll.get(20, TimeUnit.SECONDS).body()).isEqualTo("over");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Waiting {
    final CountDownLatch joined = new CountDownLatch(1);

    @Bean
    RouterCustomizer waiting(ChannelGroups groups) {
      return routes ->
          routes.get(
              "/wait",
              request ->
                  request.asChannel(
                      channel -> {
                        groups.group("blue").join(channel);
                        joined.countDown();
                      }));
    }
  }

  @Test
  void tellsWhereServersListen() {
    assertThat(answer.at("/servers/httpKitWebServer/address").asString())
        .endsWith(":" + application.port());
  }

  @Configuration(proxyBeanMethods = false)
  static class Beans {
    @Bean
    RouterCustomizer routes() {
      return routes -> routes.get("/hello", request -> Response.text("hello"));
    }

    @Bean
    Router more() {
      Handler handler = request -> Response.text("more");
      return Router.builder().get("/more", handler).build();
    }

    @Bean
    ChannelGroup room() {
      return new ChannelGroup();
    }

    @Bean
    HttpClient client() {
      return HttpClient.create(ClientConfig.DEFAULTS);
    }
  }
}
