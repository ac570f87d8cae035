package io.httpkit.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.client.ClientConfig;
import io.httpkit.client.ClientEvents;
import io.httpkit.client.ClientRequest;
import io.httpkit.client.HttpClient;
import io.httpkit.server.Handler;
import io.httpkit.server.HttpServer;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.server.ServerConfig;
import io.httpkit.server.ServerTls;
import io.httpkit.spring.boot.client.HttpKitClientCustomizer;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import io.httpkit.spring.boot.support.Gate;
import io.httpkit.spring.boot.support.Http;
import io.httpkit.spring.boot.support.Keys;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.annotation.Order;

@Timeout(60)
class HttpKitClientAutoConfigurationTest {
  private static final AutoConfigurations CONFIGURATION =
      AutoConfigurations.of(SslAutoConfiguration.class, HttpKitClientAutoConfiguration.class);

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner().withConfiguration(CONFIGURATION);

  @Test
  void isThereWhateverServesTheApplication() {
    runner.run(context -> assertThat(context).hasSingleBean(HttpClient.class));
    new WebApplicationContextRunner()
        .withConfiguration(CONFIGURATION)
        .run(context -> assertThat(context).hasSingleBean(HttpClient.class));
    new ReactiveWebApplicationContextRunner()
        .withConfiguration(CONFIGURATION)
        .run(context -> assertThat(context).hasSingleBean(HttpClient.class));
  }

  @Test
  void theApplicationsOwnClientReplacesIt() {
    try (HttpClient own = HttpClient.create(ClientConfig.DEFAULTS)) {
      runner
          .withBean("own", HttpClient.class, () -> own)
          .run(
              context -> {
                assertThat(context.getBean(HttpClient.class)).isSameAs(own);
                assertThat(context).doesNotHaveBean(ClientConfig.class);
              });
    }
  }

  @Test
  void theApplicationsOwnOptionsReplaceTheProperties() {
    ClientConfig own = ClientConfig.builder().userAgent("own").build();
    runner
        .withBean(ClientConfig.class, () -> own)
        .withPropertyValues("httpkit.client.user-agent=property")
        .run(context -> assertThat(context.getBean(HttpClient.class).config()).isSameAs(own));
  }

  @Test
  void customizersComeInOrderAndAfterTheProperties() {
    runner
        .withPropertyValues("httpkit.client.user-agent=property", "httpkit.client.max-headers=7")
        .withUserConfiguration(Customizers.class)
        .run(
            context -> {
              ClientConfig config = context.getBean(HttpClient.class).config();
              assertThat(config.userAgent()).isEqualTo("second");
              assertThat(config.loops()).isEqualTo(1);
              assertThat(config.limits().maxHeaders()).isEqualTo(7);
            });
  }

  @Test
  void startsNoThreadBeforeItsFirstRequest() {
    Set<Thread> before = clientThreads();
    runner.run(
        context -> {
          assertThat(context).hasSingleBean(HttpClient.class);
          assertThat(before).containsAll(clientThreads());
        });
  }

  @Test
  void endsItsThreadsWithTheContext() {
    Set<Thread> before = clientThreads();
    try (HttpServer server = server(Response.text("ok"))) {
      runner.run(
          context -> {
            get(context, "http://localhost:" + server.port() + "/");
            assertThat(clientThreads()).isNotEqualTo(before);
          });
    }
    assertThat(before).containsAll(clientThreads());
  }

  @Test
  void allListenersAreTold() {
    CountDownLatch told = new CountDownLatch(2);
    try (HttpServer server = server(Response.text("ok"))) {
      runner
          .withBean("first", ClientEvents.class, () -> new Counting(told))
          .withBean("second", ClientEvents.class, () -> new Counting(told))
          .run(
              context -> {
                get(context, "http://localhost:" + server.port() + "/");
                assertThat(told.await(Http.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
              });
    }
  }

  /** A handler that is waited for while the context closes may still use the client. */
  @Test
  void isClosedAfterTheServerHasStopped() throws Exception {
    Gate gate = new Gate();
    CompletableFuture<HttpResponse<String>> answered = new CompletableFuture<>();
    try (HttpServer behind = server(Response.text("from behind"))) {
      String url = "http://localhost:" + behind.port() + "/";
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  HttpKitClientAutoConfiguration.class, HttpKitServerAutoConfiguration.class))
          .withBean(Asking.class, gate, url)
          .withInitializer(
              context ->
                  context.addApplicationListener(
                      event -> {
                        if (event instanceof ContextClosedEvent) {
                          gate.open();
                        }
                      }))
          .withPropertyValues("httpkit.port=0")
          .run(
              context -> {
                int port = context.getBean(HttpKitWebServer.class).getPort();
                var unused =
                    Http.getAsync(port, "/").thenAccept(response -> answered.complete(response));
                gate.awaitRequest();
              });
    }
    assertThat(answered.get(Http.LIMIT.toSeconds(), TimeUnit.SECONDS).body())
        .isEqualTo("from behind");
  }

  @Test
  void usesAnUpdatedBundleForNewConnections() {
    Keys one = Keys.of("one.example");
    Keys two = Keys.of("two.example");
    ServerConfig config = ServerConfig.builder().port(0).tls(ServerTls.of(one.trusting())).build();
    try (HttpServer server = HttpServer.start(request -> Response.text("ok"), config)) {
      runner
          .withPropertyValues(
              "spring.ssl.bundle.pem.trust.truststore.certificate=file:" + two.certificatePem(),
              "httpkit.client.ssl.bundle=trust")
          .run(
              context -> {
                String url = "https://localhost:" + server.port() + "/";
                HttpClient client = context.getBean(HttpClient.class);
                assertThat(client.get(url).send()).failsWithin(Http.LIMIT);
                PemSslStoreDetails trust =
                    PemSslStoreDetails.forCertificate("file:" + one.certificatePem());
                context
                    .getBean(SslBundleRegistry.class)
                    .updateBundle("trust", SslBundle.of(new PemSslStoreBundle(null, trust)));
                assertThat(get(context, url)).isEqualTo("ok");
              });
    }
  }

  private static String get(AssertableApplicationContext context, String url) throws Exception {
    return context
        .getBean(HttpClient.class)
        .get(url)
        .send()
        .get(Http.LIMIT.toSeconds(), TimeUnit.SECONDS)
        .text();
  }

  private static HttpServer server(Response response) {
    return HttpServer.start(request -> response, ServerConfig.builder().port(0).build());
  }

  private static Set<Thread> clientThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("http-kit-client-"))
        .filter(thread -> !thread.getName().equals("http-kit-client-stop"))
        .collect(Collectors.toSet());
  }

  /** Counts requests. */
  record Counting(CountDownLatch told) implements ClientEvents {
    @Override
    public void onRequest(ClientRequest request) {
      told.countDown();
    }
  }

  /** Asks another server once its gate is open. */
  static final class Asking implements Handler {
    private final HttpClient client;
    private final Gate gate;
    private final String url;

    Asking(HttpClient client, Gate gate, String url) {
      this.client = client;
      this.gate = gate;
      this.url = url;
    }

    @Override
    public Response handle(Request request) throws Exception {
      gate.handle(request);
      return Response.text(client.get(url).send().get().text());
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Customizers {
    @Bean
    @Order(2)
    HttpKitClientCustomizer second() {
      return config -> config.userAgent("second");
    }

    @Bean
    @Order(1)
    HttpKitClientCustomizer first() {
      return config -> config.userAgent("first").loops(1);
    }
  }
}
