package io.httpkit.spring.boot.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.CloseStatus;
import io.httpkit.client.ClientConfig;
import io.httpkit.client.HttpClient;
import io.httpkit.server.Response;
import io.httpkit.server.ServerEvents;
import io.httpkit.spring.boot.autoconfigure.HttpKitMetricsAutoConfiguration;
import io.httpkit.spring.boot.autoconfigure.HttpKitObservationAutoConfiguration;
import io.httpkit.spring.boot.autoconfigure.HttpKitServerAutoConfiguration;
import io.httpkit.spring.boot.client.HttpKitClientCustomizer;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import io.httpkit.spring.boot.server.RouterCustomizer;
import io.httpkit.spring.boot.support.Ended;
import io.httpkit.spring.boot.support.Http;
import io.httpkit.spring.boot.support.RawConnection;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Prometheus gets of a server that has had some traffic, and who finds it there. */
class MetricsTest {
  private static final int MEGABYTE = 1024 * 1024;
  private static final Path OBSERVABILITY = Path.of("..", "sample-app", "observability");

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  HttpKitServerAutoConfiguration.class,
                  HttpKitMetricsAutoConfiguration.class,
                  HttpKitObservationAutoConfiguration.class,
                  ObservationAutoConfiguration.class,
                  MetricsAutoConfiguration.class,
                  CompositeMeterRegistryAutoConfiguration.class,
                  PrometheusMetricsExportAutoConfiguration.class))
          .withUserConfiguration(Application.class)
          .withPropertyValues(
              "httpkit.port=0",
              "httpkit.loops=2",
              "httpkit.thread=3",
              "httpkit.queue-size=5",
              "management.metrics.tags.application=test",
              "management.metrics.distribution.percentiles-histogram.http.server.requests=true");

  @Test
  void countTheTraffic() {
    runner.run(
        context -> {
          String text = scrapeAfterTraffic(context);

          assertThat(text)
              .contains(
                  "httpkit_server_connections_opened_connections_total{application=\"test\"} 4.0",
                  "httpkit_server_connections_config_max_connections{application=\"test\"} 65536.0",
                  "httpkit_server_threads_config_max_threads{application=\"test\"} 3.0",
                  "httpkit_server_queue_remaining_tasks{application=\"test\"} ",
                  "httpkit_server_queue_rejected_tasks_total{application=\"test\"} 0.0",
                  "httpkit_server_loop_lag_seconds{application=\"test\",loop=\"2\"} ",
                  "httpkit_server_parse_errors_total{application=\"test\",kind=\"bad_request\"} 2.0",
                  "httpkit_server_tls_handshakes_total{application=\"test\",protocol=\"none\",result=\"failure\"} 1.0",
                  "httpkit_websocket_messages_total{application=\"test\",direction=\"in\"} 1.0",
                  "httpkit_websocket_messages_total{application=\"test\",direction=\"out\"} 1.0",
                  "httpkit_channels_open_channels{application=\"test\",type=\"websocket\"} 0.0",
                  "httpkit_channels_closed_channels_total{application=\"test\",reason=\"abnormal\",type=\"websocket\"} 1.0",
                  "httpkit_client_connections_idle_connections{application=\"test\",client=\"client\"} 1.0");
          assertThat(text).doesNotContain("jetty_threads");
        });
  }

  @Test
  void areFoundByOurDashboard() {
    runner.run(
        context -> {
          Scrape scrape = Scrape.of(scrapeAfterTraffic(context));
          List<String> queries = queriesOf("dashboard.json");

          assertThat(queries).hasSizeGreaterThan(30).allMatch(Scrape::isQuery);
          assertThat(queries).allSatisfy(query -> assertThat(scrape.missing(query)).isEmpty());
        });
  }

  @Test
  void areFoundByOurAlerts() {
    runner.run(
        context -> {
          Scrape scrape = Scrape.of(scrapeAfterTraffic(context));
          List<String> queries = queriesOf("alerts.yml");

          assertThat(queries).hasSizeGreaterThan(5).allMatch(Scrape::isQuery);
          assertThat(queries).allSatisfy(query -> assertThat(scrape.missing(query)).isEmpty());
        });
  }

  /** What the panels about HTTP and threads of the dashboards 4701 and 19004 of Grafana ask for. */
  @Test
  void areFoundByPublicDashboards() {
    List<String> queries =
        List.of(
            "sum(rate(http_server_requests_seconds_count{application=\"a\", instance=\"i\"}[1m]))",
            "http_server_requests_seconds_count{application=\"a\", instance=\"i\", status=~\"5..\"}",
            "http_server_requests_seconds_sum{application=\"a\", instance=\"i\", status!~\"5..\"}",
            "http_server_requests_seconds_max{application=\"a\", instance=\"i\", status!~\"5..\"}",
            "jetty_threads_busy{application=\"a\", instance=\"i\"}",
            "jetty_threads_current{application=\"a\", instance=\"i\"}",
            "jetty_threads_config_max{application=\"a\", instance=\"i\"}",
            "http_server_requests_seconds_count{instance=\"i\", application=\"a\", namespace=\"n\","
                + " uri!~\".*(prometheus|health).*\", method=\"GET\", exception=\"none\"}",
            "http_server_requests_seconds_sum{instance=\"i\", application=\"a\", exception=\"none\"}",
            "sum by (uri, le) (http_server_requests_seconds_bucket{outcome=\"SERVER_ERROR\"})");
    runner
        .withPropertyValues("httpkit.metrics.jetty-thread-names=true")
        .run(
            context -> {
              Scrape scrape = Scrape.of(scrapeAfterTraffic(context));

              assertThat(queries).allSatisfy(query -> assertThat(scrape.missing(query)).isEmpty());
            });
  }

  @Test
  void tellOfAClientThatDoesNotRead() {
    runner
        .withPropertyValues("httpkit.channels.max-queued-bytes=40MB")
        .run(
            context -> {
              PrometheusMeterRegistry registry = context.getBean(PrometheusMeterRegistry.class);
              Flood flood = context.getBean(Application.class).flood;
              try (RawConnection slow = openWebSocket(port(context), "/flood")) {
                assertThat(flood.queued.await(Http.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
                // as it was a second or two ago
                await().atMost(Http.LIMIT).until(() -> queued(registry) > 20 * MEGABYTE);
                assertThat(registry.scrape())
                    .contains(
                        "httpkit_channels_open_channels{application=\"test\",type=\"websocket\"} 1.0");

                flood.goOn.countDown();
                assertThat(flood.closed.get(Http.LIMIT.toSeconds(), TimeUnit.SECONDS).code())
                    .isEqualTo(1013);
                assertThat(slow).isNotNull();
              }
              Semaphore closed = context.getBean(Application.class).closed;
              assertThat(closed.tryAcquire(Http.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
              assertThat(registry.scrape())
                  .contains(
                      "httpkit_channels_closed_channels_total{application=\"test\",reason=\"try_again_later\",type=\"websocket\"} 1.0",
                      "httpkit_channels_open_channels{application=\"test\",type=\"websocket\"} 0.0");
              await().atMost(Http.LIMIT).until(() -> queued(registry) == 0);
            });
  }

  private static double queued(MeterRegistry registry) {
    return registry.get("httpkit.server.bytes.queued").gauge().value();
  }

  @Test
  void canBeSwitchedOff() {
    runner
        .withPropertyValues("httpkit.metrics.enabled=false")
        .run(
            context ->
                assertThat(scrapeAfterTraffic(context))
                    .doesNotContain("httpkit_")
                    .contains("http_server_requests_seconds_count"));
  }

  @Test
  void areNotThereWithoutMicrometer() {
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                HttpKitServerAutoConfiguration.class, HttpKitMetricsAutoConfiguration.class))
        .withPropertyValues("httpkit.port=0")
        .withClassLoader(new FilteredClassLoader(MeterRegistry.class))
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context).doesNotHaveBean(HttpKitMetricsAutoConfiguration.class);
              assertThat(Http.get(port(context), "/").statusCode()).isEqualTo(404);
            });
  }

  /** A request of the client, a WebSocket with a message, rubbish, and TLS without TLS. */
  private static String scrapeAfterTraffic(BeanFactory context) throws Exception {
    int port = port(context);
    HttpClient client = context.getBean(HttpClient.class);
    client
        .get("http://127.0.0.1:" + port + "/hello")
        .send()
        .get(Http.LIMIT.toSeconds(), TimeUnit.SECONDS);
    try (RawConnection rubbish = new RawConnection(port).send("RUBBISH")) {
      assertThat(rubbish.line()).contains("400");
    }
    try (RawConnection tls = new RawConnection(port).sendBytes("\u0016\u0003\u0001")) {
      assertThat(tls.line()).contains("400");
    }
    useWebSocket(port);
    Semaphore closed = context.getBean(Application.class).closed;
    assertThat(closed.tryAcquire(3, Http.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    context.getBean(Ended.class).await(4);
    return context.getBean(PrometheusMeterRegistry.class).scrape();
  }

  private static void useWebSocket(int port) throws IOException {
    try (RawConnection socket = openWebSocket(port, "/socket")) {
      // a frame of text with a mask of zeros; its text is the two line ends that follow
      socket.send("\u0081\u0084\0\0\0\0");
      assertThat(socket.line()).endsWith("\u0081\u0004");
      socket.reset();
    }
  }

  private static RawConnection openWebSocket(int port, String path) throws IOException {
    RawConnection socket =
        new RawConnection(port)
            .send(
                "GET " + path + " HTTP/1.1",
                "Host: a",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
    for (String line = socket.line(); !line.isEmpty(); line = socket.line()) {
      assertThat(line).isNotNull();
    }
    return socket;
  }

  private static int port(BeanFactory context) {
    return context.getBean(HttpKitWebServer.class).getPort();
  }

  /** The expressions of a dashboard, or of rules. */
  private static List<String> queriesOf(String file) throws IOException {
    String text = Files.readString(OBSERVABILITY.resolve(file));
    JsonMapper json = JsonMapper.builder().build();
    JsonNode root =
        file.endsWith(".json") ? json.readTree(text) : json.valueToTree(new Yaml().load(text));
    List<String> queries = new ArrayList<>();
    root.findValues("expr").forEach(expr -> queries.add(expr.asString()));
    return queries;
  }

  @Configuration(proxyBeanMethods = false)
  static class Application {
    private final Semaphore closed = new Semaphore(0);
    private final Flood flood = new Flood();

    @Bean
    Ended ended() {
      return new Ended();
    }

    @Bean(destroyMethod = "close")
    HttpClient client(ObjectProvider<HttpKitClientCustomizer> customizers) {
      ClientConfig.Builder config = ClientConfig.builder();
      customizers.forEach(customizer -> customizer.customize(config));
      return HttpClient.create(config.build());
    }

    @Bean
    RouterCustomizer routes() {
      return routes ->
          routes
              .get("/hello", request -> Response.text("hello"))
              .get("/socket", request -> request.asChannel(new Echo()))
              .get("/flood", request -> request.asChannel(flood));
    }

    /** Told behind the metrics, as it has no order. */
    @Bean
    ServerEvents closeEvents() {
      return new ServerEvents() {
        @Override
        public void onClose(@Nullable SocketAddress remote) {
          closed.release();
        }
      };
    }
  }

  /** Sends more than the system buffers, waits, and sends until the channel is closed for it. */
  private static final class Flood implements ChannelListener {
    private final CountDownLatch queued = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final CompletableFuture<CloseStatus> closed = new CompletableFuture<>();

    @Override
    public void onOpen(AsyncChannel channel) throws InterruptedException {
      byte[] message = new byte[MEGABYTE];
      while (channel.queuedBytes() <= 20 * MEGABYTE) {
        channel.send(message);
      }
      queued.countDown();
      if (!goOn.await(Http.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody has looked");
      }
      while (channel.send(message)) {
        assertThat(channel.queuedBytes()).isPositive();
      }
    }

    @Override
    public void onClose(AsyncChannel channel, CloseStatus status) {
      closed.complete(status);
    }
  }

  private static final class Echo implements ChannelListener {
    @Override
    public void onText(AsyncChannel channel, String text) {
      channel.send(text);
    }
  }
}
