package io.httpkit.spring.boot.server.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.httpkit.server.Handler;
import io.httpkit.server.ServerStatus;
import io.httpkit.spring.boot.autoconfigure.HttpKitServerAutoConfiguration;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import io.httpkit.spring.boot.support.Gate;
import io.httpkit.spring.boot.support.Http;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.context.servlet.AnnotationConfigServletWebApplicationContext;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.ServerPortInfoApplicationContextInitializer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;

@ExtendWith(OutputCaptureExtension.class)
class HttpKitServerLifecycleTest {
  private final Gate gate = new Gate();

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withInitializer(new ServerPortInfoApplicationContextInitializer())
          .withConfiguration(AutoConfigurations.of(HttpKitServerAutoConfiguration.class))
          .withBean(Recorder.class)
          .withPropertyValues("httpkit.port=0");

  @AfterEach
  void openGate() {
    gate.open();
  }

  @Test
  void publishesItsPort() {
    runner.run(
        context -> {
          int port = context.getBean(HttpKitWebServer.class).getPort();
          assertThat(port).isPositive();
          assertThat(context.getEnvironment().getProperty("local.server.port", Integer.class))
              .isEqualTo(port);
        });
  }

  @Test
  void publishesAnEventThatListenersOfBootUnderstand() {
    runner.run(
        context -> {
          HttpKitWebServer server = context.getBean(HttpKitWebServer.class);
          WebServerInitializedEvent event = context.getBean(Recorder.class).initialized.get(0);
          assertThat(event).isInstanceOf(HttpKitServerInitializedEvent.class);
          assertThat(event.getWebServer()).isSameAs(server);
          WebServerApplicationContext view = event.getApplicationContext();
          assertThat(view.getWebServer()).isSameAs(server);
          assertThat(view.getServerNamespace()).isNull();
          assertThat(view.getId()).isEqualTo(context.getId());
          assertThat(view.getBean(HttpKitWebServer.class)).isSameAs(server);
          assertThatThrownBy(() -> view.getBean("missing")).hasMessageContaining("missing");
        });
  }

  @Test
  void runsInThePhaseOfWebServersAndIsNotPaused() {
    runner.run(
        context -> {
          HttpKitServerLifecycle lifecycle = context.getBean(HttpKitServerLifecycle.class);
          assertThat(lifecycle.getPhase())
              .isEqualTo(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE);
          assertThat(lifecycle.isPauseable()).isFalse();
        });
  }

  @Test
  void startsAgainWithItsContext() {
    runner
        .withBean(Handler.class, () -> gate)
        .run(
            context -> {
              gate.open();
              HttpKitWebServer server = context.getBean(HttpKitWebServer.class);
              context.getSourceApplicationContext(ConfigurableApplicationContext.class).stop();
              assertThat(server.getPort()).isEqualTo(-1);
              context.getSourceApplicationContext(ConfigurableApplicationContext.class).start();
              assertThat(Http.get(server.getPort(), "/").statusCode()).isEqualTo(200);
              assertThat(context.getBean(Recorder.class).initialized).hasSize(2);
            });
  }

  @Test
  void startsOnDemandWithoutAutoStartup() {
    runner
        .withPropertyValues("httpkit.auto-startup=false")
        .run(
            context -> {
              context.getBean(HttpKitServerLifecycle.class).start();
              assertThat(context.getBean(HttpKitWebServer.class).getPort()).isPositive();
            });
  }

  @Test
  void closeWaitsForARequestInProgress() throws Exception {
    ConfigurableApplicationContext context = start("--httpkit.port=0");
    HttpKitWebServer server = context.getBean(HttpKitWebServer.class);
    CompletableFuture<HttpResponse<String>> response = Http.getAsync(server.getPort(), "/");
    gate.awaitRequest();
    CompletableFuture<Void> closed = CompletableFuture.runAsync(context::close);
    await().until(() -> server.server().status() == ServerStatus.STOPPING);
    assertThat(context.getBean(Recorder.class).refusing).isDone();
    assertThat(closed).isNotDone();
    gate.open();
    assertThat(response.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    closed.get(20, TimeUnit.SECONDS);
    assertThat(server.getPort()).isEqualTo(-1);
  }

  @Test
  void closeCutsARequestWhenTheGracePeriodIsOver() throws Exception {
    ConfigurableApplicationContext context =
        start("--httpkit.port=0", "--spring.lifecycle.timeout-per-shutdown-phase=10ms");
    HttpKitWebServer server = context.getBean(HttpKitWebServer.class);
    CompletableFuture<HttpResponse<String>> response = Http.getAsync(server.getPort(), "/");
    gate.awaitRequest();
    context.close();
    assertThat(server.getPort()).isEqualTo(-1);
    assertThatThrownBy(() -> response.get(20, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void anotherServerOnThePortIsReported(CapturedOutput output) throws Exception {
    try (ServerSocket other = new ServerSocket(0)) {
      String port = "--httpkit.port=" + other.getLocalPort();
      assertThat(catchThrowable(() -> start(port))).isNotNull();
      assertThat(output)
          .contains("APPLICATION FAILED TO START")
          .contains(
              "Web server failed to start. Port " + other.getLocalPort() + " was already in use.");
    }
  }

  @Test
  void aListenerThatThrowsLeavesNoServerBehind() {
    List<WebServer> started = new ArrayList<>();
    runner
        .withBean(FailingListener.class, () -> new FailingListener(started))
        .run(
            context -> {
              assertThat(context).hasFailed();
              assertThat(started).singleElement().extracting(WebServer::getPort).isEqualTo(-1);
            });
  }

  @Test
  void besideAServletContainerThePortHasANameOfItsOwn() {
    new WebApplicationContextRunner(ServletContextWithServer::new)
        .withInitializer(new ServerPortInfoApplicationContextInitializer())
        .withConfiguration(AutoConfigurations.of(HttpKitServerAutoConfiguration.class))
        .withPropertyValues("httpkit.port=0")
        .run(
            context -> {
              assertThat(context.getEnvironment().getProperty("local.httpkit.port", Integer.class))
                  .isEqualTo(context.getBean(HttpKitWebServer.class).getPort());
              assertThat(context.getEnvironment().getProperty("local.server.port")).isNull();
              assertThat(context).doesNotHaveBean("httpKitRefuseTrafficOnClose");
            });
  }

  private ConfigurableApplicationContext start(String... args) {
    return new SpringApplicationBuilder(Application.class)
        .web(WebApplicationType.NONE)
        .initializers(context -> context.getBeanFactory().registerSingleton("gate", gate))
        .run(args);
  }

  @ImportAutoConfiguration({HttpKitServerAutoConfiguration.class, LifecycleAutoConfiguration.class})
  @Import(Recorder.class)
  static class Application {}

  /** A context that has a web server, as those of servlet containers have. */
  static class ServletContextWithServer extends AnnotationConfigServletWebApplicationContext
      implements WebServerApplicationContext {
    @Override
    public @Nullable WebServer getWebServer() {
      return null;
    }

    @Override
    public @Nullable String getServerNamespace() {
      return null;
    }
  }

  static class FailingListener {
    private final List<WebServer> started;

    FailingListener(List<WebServer> started) {
      this.started = started;
    }

    @EventListener
    void initialized(WebServerInitializedEvent event) {
      started.add(event.getWebServer());
      throw new IllegalStateException("listener");
    }
  }

  static class Recorder {
    final List<WebServerInitializedEvent> initialized = new ArrayList<>();
    final CompletableFuture<ApplicationEvent> refusing = new CompletableFuture<>();

    @EventListener
    void initialized(WebServerInitializedEvent event) {
      initialized.add(event);
    }

    @EventListener
    void availabilityChanged(AvailabilityChangeEvent<ReadinessState> event) {
      if (event.getState() == ReadinessState.REFUSING_TRAFFIC) {
        refusing.complete(event);
      }
    }
  }
}
