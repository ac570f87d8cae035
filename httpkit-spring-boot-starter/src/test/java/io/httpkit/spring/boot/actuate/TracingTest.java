package io.httpkit.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.client.HttpClient;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.server.RouterCustomizer;
import io.httpkit.spring.boot.support.Ended;
import io.httpkit.spring.boot.support.Http;
import io.httpkit.spring.boot.support.RawConnection;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** An application with a tracer and a registry of Prometheus: what a trace leaves where. */
class TracingTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  private static final String OPEN_METRICS = "application/openmetrics-text;version=1.0.0";

  @Test
  void goesOnFromTheCallerThroughTheServerAndItsClientToTheNextServer() throws Exception {
    try (Application application = start()) {
      HttpResponse<String> response = traced(application, "/front/7", "01");

      assertThat(response.body()).matches("00-" + TRACE + "-[0-9a-f]{16}-01").doesNotContain(SPAN);
    }
  }

  @Test
  void isNamedByExemplarsOfServerAndClient() throws Exception {
    try (Application application = start()) {
      traced(application, "/front/7", "01");
      application.bean(Ended.class).await(2);

      List<String> scrape = scrape(application);
      String exemplar = "# {span_id=\"[0-9a-f]+\",trace_id=\"" + TRACE + "\"}";
      assertThat(scrape)
          .anyMatch(line -> isOf(line, "server", "bucket", "/front/{id}", exemplar))
          .anyMatch(line -> isOf(line, "server", "count", "/front/{id}", exemplar))
          .anyMatch(line -> isOf(line, "server", "bucket", "/back", exemplar))
          .anyMatch(line -> isOf(line, "client", "bucket", "none", exemplar));
    }
  }

  @ParameterizedTest
  @CsvSource({"00, 0", "01, 1"})
  void isNamedOnlyIfItIsSampled(String flags, int traces) throws Exception {
    try (Application application = start()) {
      traced(application, "/back", flags);
      application.bean(Ended.class).await(1);

      assertThat(
              scrape(application).stream()
                  .filter(line -> isOf(line, "server", "count", "/back", "# .*" + TRACE)))
          .hasSize(traces);
    }
  }

  /** Of these there is no request to continue a trace from, and they count all the same. */
  @ParameterizedTest(name = "{0}: {3}")
  @CsvSource({
    "too long a field, 'GET / HTTP/1.1', 'X: %s', 431",
    "no such method, 'METHOD_THAT_IS_LONGER_THAN_ANY_THAT_THERE_IS / HTTP/1.1', 'X: a', 501",
    "no such coding, 'POST / HTTP/1.1', 'Transfer-Encoding: rot13, chunked', 400",
    "no version, 'GET /', 'X: a', 400",
    "no such version, 'GET / HTTP/7.0', 'X: a', 505",
  })
  void doesNotHideWhatIsRefusedBeforeItIsARequest(
      String what, String line, String field, int status) throws Exception {
    try (Application application = start();
        RawConnection raw = new RawConnection(application.port())) {
      raw.send(line, "Host: localhost", field.formatted("x".repeat(70_000)));
      assertThat(raw.line()).startsWith("HTTP/1.1 " + status + " ");
      application.bean(Ended.class).await(1);

      assertThat(scrape(application))
          .as(what)
          .anyMatch(
              row ->
                  row.startsWith("http_server_requests_seconds_count{")
                      && row.contains("method=\"UNKNOWN\"")
                      && row.contains("status=\"" + status + '"')
                      && row.contains("uri=\"UNKNOWN\""));
    }
  }

  private static boolean isOf(
      String line, String side, String series, String uri, String exemplar) {
    return line.startsWith("http_" + side + "_requests_seconds_" + series + "{")
        && line.contains("uri=\"" + uri + '"')
        && line.matches(".* " + exemplar.replace("{", "\\{").replace("}", "\\}") + ".*");
  }

  private static Application start() {
    return Application.start(
        Hops.class,
        "management.tracing.sampling.probability=1",
        "management.metrics.distribution.percentiles-histogram.http.server.requests=true",
        "management.metrics.distribution.percentiles-histogram.http.client.requests=true");
  }

  private static HttpResponse<String> traced(Application application, String path, String flags) {
    return Http.send(
        application.request(path).header("traceparent", "00-" + TRACE + '-' + SPAN + '-' + flags));
  }

  private static List<String> scrape(Application application) {
    return Http.send(application.request("/actuator/prometheus").header("Accept", OPEN_METRICS))
        .body()
        .lines()
        .toList();
  }

  /** One route that asks another. */
  @Configuration(proxyBeanMethods = false)
  static class Hops {
    private volatile int port;

    @EventListener
    void started(WebServerInitializedEvent event) {
      port = event.getWebServer().getPort();
    }

    @Bean
    Ended ended() {
      return new Ended();
    }

    @Bean
    RouterCustomizer routes(HttpClient client) {
      return routes ->
          routes
              .get(
                  "/front/{id}",
                  request ->
                      Response.async(
                          client
                              .get("http://localhost:" + port + "/back")
                              .send()
                              .thenApply(back -> Response.text(back.text()))))
              .get(
                  "/back",
                  request -> Response.text(request.header("traceparent").orElse("no trace")));
    }
  }
}
