package io.httpkit.spring.boot.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.httpkit.server.Handler;
import io.httpkit.server.HttpServer;
import io.httpkit.server.Response;
import io.httpkit.server.ServerConfig;
import io.httpkit.server.ServerStatus;
import io.httpkit.spring.boot.support.Gate;
import io.httpkit.spring.boot.support.Http;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.GracefulShutdownResult;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.WebServerException;

@ExtendWith(OutputCaptureExtension.class)
class HttpKitWebServerTest {
  private final Gate gate = new Gate();
  private HttpKitWebServer server = webServer(request -> Response.text("hello"));

  @AfterEach
  void stop() {
    gate.open();
    server.destroy();
  }

  @Test
  void listensUntilItIsStopped(CapturedOutput output) {
    assertThat(server.getPort()).isEqualTo(-1);
    server.start();
    int port = server.getPort();
    assertThat(Http.get(port, "/").body()).isEqualTo("hello");
    assertThat(output).contains("http-kit started on port " + port + " (http)");
    server.stop();
    assertThat(server.getPort()).isEqualTo(-1);
    assertThat(server.server().status()).isEqualTo(ServerStatus.STOPPED);
  }

  @Test
  void startsAgainAfterStop() {
    server.start();
    server.stop();
    server.start();
    assertThat(Http.get(server.getPort(), "/").body()).isEqualTo("hello");
  }

  @Test
  void startsAgainAfterAGracefulStop() throws Exception {
    server.start();
    assertThat(shutDown().get(20, TimeUnit.SECONDS)).isEqualTo(GracefulShutdownResult.IDLE);
    server.stop();
    server.start();
    assertThat(Http.get(server.getPort(), "/").body()).isEqualTo("hello");
  }

  @Test
  void toleratesEveryRepetition() throws Exception {
    server.stop();
    server.destroy();
    assertThat(shutDown().get(20, TimeUnit.SECONDS)).isEqualTo(GracefulShutdownResult.IDLE);
    server.start();
    int port = server.getPort();
    server.start();
    assertThat(server.getPort()).isEqualTo(port);
    server.stop();
    server.stop();
    server.destroy();
    assertThat(server.getPort()).isEqualTo(-1);
  }

  @Test
  void releasesItsPortAtOnce() throws Exception {
    server.start();
    int port = server.getPort();
    server.stop();
    HttpServer next =
        HttpServer.start(request -> Response.text("next"), config().port(port).build());
    assertThat(next.port()).isEqualTo(port);
    next.close();
  }

  @Test
  void finishesRequestsInProgress() throws Exception {
    server = webServer(gate);
    server.start();
    CompletableFuture<HttpResponse<String>> response = Http.getAsync(server.getPort(), "/");
    gate.awaitRequest();
    CompletableFuture<GracefulShutdownResult> result = shutDown();
    assertThat(result).isNotDone();
    gate.open();
    assertThat(response.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(result.get(20, TimeUnit.SECONDS)).isEqualTo(GracefulShutdownResult.IDLE);
  }

  @Test
  void doesNotWaitForIdleConnections() throws Exception {
    server.start();
    assertThat(Http.get(server.getPort(), "/").statusCode()).isEqualTo(200);
    assertThat(server.server().connections()).isEqualTo(1);
    assertThat(shutDown().get(20, TimeUnit.SECONDS)).isEqualTo(GracefulShutdownResult.IDLE);
  }

  @Test
  void cutsRequestsInProgressWhenStoppedDuringTheGracePeriod() throws Exception {
    server = webServer(gate);
    server.start();
    CompletableFuture<HttpResponse<String>> response = Http.getAsync(server.getPort(), "/");
    gate.awaitRequest();
    CompletableFuture<GracefulShutdownResult> result = shutDown();
    server.stop();
    assertThat(result.get(20, TimeUnit.SECONDS)).isEqualTo(GracefulShutdownResult.REQUESTS_ACTIVE);
    assertThat(server.getPort()).isEqualTo(-1);
    assertThatThrownBy(() -> response.get(20, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void namesThePortThatIsInUse() throws Exception {
    try (ServerSocket other = new ServerSocket(0)) {
      server = webServer(request -> Response.noContent(), config().port(other.getLocalPort()));
      PortInUseException failure =
          catchThrowableOfType(PortInUseException.class, () -> server.start());
      assertThat(failure.getPort()).isEqualTo(other.getLocalPort());
    }
    server.start();
    assertThat(server.getPort()).isPositive();
  }

  @Test
  void hasNoPortOnAUnixDomainSocket(@TempDir Path directory, CapturedOutput output) {
    Path socket = directory.resolve("s");
    server = webServer(request -> Response.noContent(), config().unixSocket(socket));
    server.start();
    assertThat(server.server().status()).isEqualTo(ServerStatus.RUNNING);
    assertThat(server.getPort()).isEqualTo(-1);
    assertThat(output).contains("http-kit started on Unix domain socket " + socket);
  }

  @Test
  void namesTheAddressItCannotListenOn(@TempDir Path directory) {
    Path socket = directory.resolve("missing").resolve("s");
    server = webServer(request -> Response.noContent(), config().unixSocket(socket));
    assertThatThrownBy(() -> server.start())
        .isInstanceOf(WebServerException.class)
        .isNotInstanceOf(PortInUseException.class)
        .hasMessageContaining(socket.toString());
  }

  @Test
  void doesNotListenUnlessItIsTo() throws Exception {
    server = new HttpKitWebServer(HttpServer.create(gate, config().build()), false);
    server.start();
    assertThat(server.getPort()).isEqualTo(-1);
    assertThat(server.server().status()).isEqualTo(ServerStatus.STOPPED);
    assertThat(shutDown().get(20, TimeUnit.SECONDS)).isEqualTo(GracefulShutdownResult.IDLE);
  }

  private CompletableFuture<GracefulShutdownResult> shutDown() {
    CompletableFuture<GracefulShutdownResult> result = new CompletableFuture<>();
    server.shutDownGracefully(result::complete);
    return result;
  }

  private static ServerConfig.Builder config() {
    return ServerConfig.builder().port(0).loops(1);
  }

  private static HttpKitWebServer webServer(Handler handler) {
    return webServer(handler, config());
  }

  private static HttpKitWebServer webServer(Handler handler, ServerConfig.Builder config) {
    return new HttpKitWebServer(HttpServer.create(handler, config.build()));
  }
}
