package io.httpkit.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.http.Workers;
import io.httpkit.server.ServerConfig;
import io.httpkit.server.ServerEvents;
import io.httpkit.spring.boot.server.HttpKitServerCustomizer;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import io.httpkit.spring.boot.server.context.HttpKitServerLifecycle;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.server.context.WebServerGracefulShutdownLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

class HttpKitServerAutoConfigurationTest {
  private static final AutoConfigurations CONFIGURATION =
      AutoConfigurations.of(HttpKitServerAutoConfiguration.class);

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(CONFIGURATION)
          .withPropertyValues("httpkit.port=0");

  private final WebApplicationContextRunner servletRunner =
      new WebApplicationContextRunner().withConfiguration(CONFIGURATION);

  @Test
  void servesAnApplicationWithoutWebServer() {
    runner.run(
        context -> {
          assertThat(context.getBean(HttpKitWebServer.class).getPort()).isPositive();
          assertThat(context).hasSingleBean(HttpKitServerLifecycle.class);
        });
  }

  @Test
  void isOffWhenNotEnabled() {
    runner
        .withPropertyValues("httpkit.enabled=false")
        .run(
            context ->
                assertThat(context)
                    .doesNotHaveBean(HttpKitWebServer.class)
                    .doesNotHaveBean(HttpKitServerLifecycle.class)
                    .doesNotHaveBean(ServerConfig.class));
  }

  @Test
  void isOffInAReactiveApplication() {
    new ReactiveWebApplicationContextRunner()
        .withConfiguration(CONFIGURATION)
        .withPropertyValues("httpkit.port=0")
        .run(context -> assertThat(context).doesNotHaveBean(HttpKitWebServer.class));
  }

  @Test
  void isOffInAServletApplicationWithoutAPortOfItsOwn() {
    servletRunner
        .withPropertyValues("server.port=0")
        .run(context -> assertThat(context).doesNotHaveBean(HttpKitWebServer.class));
  }

  @Test
  void servesBesideAServletContainerOnAPortOfItsOwn() {
    servletRunner
        .withPropertyValues("httpkit.port=0")
        .run(context -> assertThat(context.getBean(HttpKitWebServer.class).getPort()).isPositive());
  }

  @Test
  void doesNotStartByItselfWithoutAutoStartup() {
    runner
        .withPropertyValues("httpkit.auto-startup=false")
        .run(
            context -> {
              assertThat(context.getBean(HttpKitServerLifecycle.class).isRunning()).isFalse();
              assertThat(context.getBean(HttpKitWebServer.class).getPort()).isEqualTo(-1);
            });
  }

  @Test
  void doesNotListenOnPortMinusOne() {
    runner
        .withPropertyValues("httpkit.port=-1")
        .run(
            context -> {
              assertThat(context.getBean(HttpKitServerLifecycle.class).isRunning()).isTrue();
              assertThat(context.getBean(HttpKitWebServer.class).getPort()).isEqualTo(-1);
            });
  }

  @Test
  void doesNotListenOnPortMinusOneOfBoot() {
    new ApplicationContextRunner()
        .withConfiguration(CONFIGURATION)
        .withPropertyValues("server.port=-1")
        .run(
            context -> assertThat(context.getBean(HttpKitWebServer.class).getPort()).isEqualTo(-1));
  }

  @Test
  void shutsDownGracefullyUnlessToldOtherwise() {
    runner.run(
        context -> assertThat(context).hasSingleBean(WebServerGracefulShutdownLifecycle.class));
    runner
        .withPropertyValues("server.shutdown=graceful")
        .run(
            context -> assertThat(context).hasSingleBean(WebServerGracefulShutdownLifecycle.class));
    runner
        .withPropertyValues("server.shutdown=immediate")
        .run(
            context ->
                assertThat(context).doesNotHaveBean(WebServerGracefulShutdownLifecycle.class));
  }

  @Test
  void customizersComeInOrderAndAfterTheProperties() {
    runner
        .withPropertyValues("httpkit.server-header=property", "httpkit.max-headers=7")
        .withUserConfiguration(Customizers.class)
        .run(
            context -> {
              ServerConfig config = context.getBean(ServerConfig.class);
              assertThat(config.serverHeader()).isEqualTo("second");
              assertThat(config.backlog()).isEqualTo(1);
              assertThat(config.limits().maxHeaders()).isEqualTo(7);
            });
  }

  @Test
  void anExecutorIsUsedOnlyByACustomizer() {
    Executor executor = Runnable::run;
    runner
        .withBean("executor", Executor.class, () -> executor)
        .run(
            context ->
                assertThat(context.getBean(ServerConfig.class).workers().kind())
                    .isEqualTo(Workers.Kind.PLATFORM));
    runner
        .withBean(HttpKitServerCustomizer.class, () -> config -> config.executor(executor))
        .run(
            context ->
                assertThat(context.getBean(ServerConfig.class).workers())
                    .isEqualTo(Workers.given(executor)));
  }

  @Test
  void theApplicationsOwnConfigurationReplacesTheProperties() {
    ServerConfig own = ServerConfig.builder().port(0).serverHeader("own").build();
    runner
        .withBean(ServerConfig.class, () -> own)
        .withPropertyValues("httpkit.server-header=property")
        .run(context -> assertThat(context.getBean(ServerConfig.class)).isSameAs(own));
  }

  @Test
  void oneListenerIsUsedAsItIs() {
    ServerEvents events = new ServerEvents() {};
    runner
        .withBean(ServerEvents.class, () -> events)
        .run(
            context ->
                assertThat(context.getBean(ServerConfig.class).events()).containsExactly(events));
  }

  @Test
  void severalListenersAreToldInTheirOrder() {
    runner
        .withBean("first", ServerEvents.class, () -> new ServerEvents() {})
        .withBean("second", ServerEvents.class, () -> new ServerEvents() {})
        .run(
            context ->
                assertThat(context.getBean(ServerConfig.class).events())
                    .containsExactly(
                        context.getBean("first", ServerEvents.class),
                        context.getBean("second", ServerEvents.class)));
  }

  @Configuration(proxyBeanMethods = false)
  static class Customizers {
    @Bean
    @Order(2)
    HttpKitServerCustomizer second() {
      return config -> config.serverHeader("second");
    }

    @Bean
    @Order(1)
    HttpKitServerCustomizer first() {
      return config -> config.serverHeader("first").backlog(1);
    }
  }
}
