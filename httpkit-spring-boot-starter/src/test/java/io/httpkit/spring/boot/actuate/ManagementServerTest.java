package io.httpkit.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.httpkit.server.Response;
import io.httpkit.server.ServerStatus;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import io.httpkit.spring.boot.server.RouterCustomizer;
import io.httpkit.spring.boot.support.Http;
import io.httpkit.spring.boot.support.Keys;
import io.httpkit.spring.boot.support.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@ExtendWith(OutputCaptureExtension.class)
class ManagementServerTest {
  @Nested
  class Different {
    private static Application application;

    @BeforeAll
    static void start() {
      application =
          Application.start(
              Hello.class,
              "management.server.port=0",
              "management.server.address=127.0.0.1",
              "management.server.base-path=/admin",
              "management.endpoint.health.probes.enabled=true",
              "management.endpoint.health.probes.add-additional-paths=true",
              "management.endpoint.health.group.mine.include=ping",
              "management.endpoint.health.group.mine.additional-path=management:/mine");
    }

    @AfterAll
    static void stop() {
      application.close();
    }

    @ParameterizedTest(name = "{0}: {1} on the application's port, {2} on the other")
    @CsvSource({
      "/hello,                  200, 404",
      "/actuator,               404, 404",
      "/actuator/health,        404, 404",
      "/admin/actuator,         404, 200",
      "/admin/actuator/health,  404, 200",
      "/admin/actuator/httpkit, 404, 200",
      "/livez,                  200, 404",
      "/readyz,                 200, 404",
      "/admin/livez,            404, 404",
      "/admin/mine,             404, 200",
      "/mine,                   404, 404",
    })
    void hasTheEndpoints(String path, int application, int management) {
      assertThat(Different.application.get(path).statusCode()).isEqualTo(application);
      assertThat(Http.get(Different.application.managementPort(), path).statusCode())
          .isEqualTo(management);
    }

    @Test
    void linksGoToThatPort() {
      int port = application.managementPort();

      assertThat(Http.get(port, "/admin/actuator").body())
          .contains("\"href\":\"http://localhost:" + port + "/admin/actuator/health\"");
    }

    @Test
    void isOfOneServerInAHolder() {
      HttpKitWebServer server = application.bean(ManagementServer.class).webServer();

      assertThat(server.getPort()).isEqualTo(application.managementPort());
      assertThat(server.server().address())
          .isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()));
      assertThat(application.context().getBeansOfType(HttpKitWebServer.class)).hasSize(1);
      assertThat(application.port()).isNotEqualTo(application.managementPort());
    }

    @Test
    void itsRoutesAreShownToo() {
      String mappings = Http.get(application.managementPort(), "/admin/actuator/mappings").body();

      assertThat(mappings)
          .contains("\"httpKitWebServer\":[{\"method\":\"GET\",\"template\":\"/hello\"}")
          .contains("\"httpKitManagementServer\":[")
          .contains("{\"method\":\"GET\",\"template\":\"/admin/actuator/info\"}");
    }

    @Test
    void runsBetweenTheGraceOfTheOtherAndItsStop() {
      ManagementServer server = application.bean(ManagementServer.class);

      assertThat(server.getPhase())
          .isLessThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE)
          .isGreaterThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE);
      assertThat(server.isPauseable()).isFalse();
    }
  }

  @Test
  void theLinksAreAtTheRootOfAPortOfTheirOwn() {
    try (Application application =
        Application.start("management.server.port=0", "management.endpoints.web.base-path=/")) {
      assertThat(Http.get(application.managementPort(), "/").body())
          .contains("\"href\":\"http://localhost:" + application.managementPort() + "/health\"");
      assertThat(Http.get(application.managementPort(), "/health").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void startsAgainWithItsContext() {
    try (Application application = Application.start("management.server.port=0")) {
      HttpKitWebServer server = application.bean(ManagementServer.class).webServer();
      application.context().stop();
      assertThat(server.server().status()).isEqualTo(ServerStatus.STOPPED);
      application.context().start();
      assertThat(Http.get(server.getPort(), "/actuator/health").statusCode()).isEqualTo(200);
      assertThat(application.managementPort()).isEqualTo(server.getPort());
    }
  }

  @Test
  void doesNotStartByItselfWithoutAutoStartup() {
    try (Application application =
        Application.start("management.server.port=0", "httpkit.auto-startup=false")) {
      assertThat(application.bean(ManagementServer.class).isRunning()).isFalse();
      assertThat(application.bean(ManagementServer.class).webServer().getPort()).isEqualTo(-1);
    }
  }

  @Test
  void aNegativeOneMeansNoEndpoints() {
    try (Application application =
        Application.start(
            "management.server.port=-1",
            "management.endpoint.health.probes.enabled=true",
            "management.endpoint.health.probes.add-additional-paths=true")) {
      assertThat(application.get("/actuator/health").statusCode()).isEqualTo(404);
      assertThat(application.get("/actuator").statusCode()).isEqualTo(404);
      assertThat(application.get("/livez").statusCode()).isEqualTo(200);
      assertThat(application.context().getBeansOfType(ManagementServer.class)).isEmpty();
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "management.server.address=127.0.0.1 | needs another one in management.server.port",
        "management.server.ssl.key-store=a   | needs another one in management.server.port",
        "management.server.port=65536        | port must be at most 65535",
        "management.server.port=none         | The property management.server.port has the value 'none'",
      })
  void refuses(String property, String message, CapturedOutput output) {
    assertThat(catchThrowable(() -> Application.start(property))).isNotNull();
    assertThat(output).contains("APPLICATION FAILED TO START").contains(message);
  }

  @ParameterizedTest(name = "{0}: {1} on the application's port, {2} on the other")
  @CsvSource({
    "management.server.ssl.bundle=other,  none,           CN=other.example",
    "server.ssl.bundle=one,               CN=one.example, CN=one.example",
    "httpkit.ssl.bundle=one,              CN=one.example, CN=one.example",
    "'server.ssl.bundle=one,management.server.ssl.bundle=other', CN=one.example, CN=other.example",
    "'server.ssl.bundle=one,management.server.ssl.enabled=false', CN=one.example, none",
  })
  void speaksTlsOfItsOwnOrThatOfTheApplication(String settings, String one, String other)
      throws IOException {
    List<String> properties = new ArrayList<>(List.of(settings.split(",")));
    properties.add("management.server.port=0");
    for (String name : List.of("one", "other")) {
      String store = "spring.ssl.bundle.pem." + name + ".keystore.";
      Keys keys = Keys.of(name + ".example");
      properties.add(store + "certificate=file:" + keys.certificatePem());
      properties.add(store + "private-key=file:" + keys.keyPem());
    }
    try (Application application = Application.start(properties.toArray(new String[0]))) {
      assertThat(certificate(application.port())).isEqualTo(one);
      assertThat(certificate(application.managementPort())).isEqualTo(other);
    }
  }

  private static String certificate(int port) throws IOException {
    try {
      return Tls.ask(port, Tls.trustingAll(), "any.example").name();
    } catch (SSLException e) {
      return "none";
    }
  }

  @Test
  void reportsWhatIsWrongWithItsTls(CapturedOutput output) {
    assertThat(
            catchThrowable(
                () ->
                    Application.start(
                        "management.server.port=0", "management.server.ssl.key-store=a")))
        .isNotNull();
    assertThat(output).contains("APPLICATION FAILED TO START").contains("management.server.ssl");
  }

  @Test
  void aPortInUseIsReported(CapturedOutput output) throws IOException {
    try (ServerSocket other = new ServerSocket(0)) {
      String port = "management.server.port=" + other.getLocalPort();
      assertThat(catchThrowable(() -> Application.start(port))).isNotNull();
      assertThat(output).contains("Port " + other.getLocalPort() + " was already in use.");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Hello {
    @Bean
    RouterCustomizer hello() {
      return routes -> routes.get("/hello", request -> Response.text("hello"));
    }
  }
}
