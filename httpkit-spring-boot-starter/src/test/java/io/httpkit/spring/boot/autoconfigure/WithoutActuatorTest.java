package io.httpkit.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.spring.boot.actuate.ExposedEndpoints;
import io.httpkit.spring.boot.actuate.HttpKitEndpoint;
import io.httpkit.spring.boot.actuate.ManagementServer;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import io.httpkit.spring.boot.support.Http;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointWebExtension;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

/** What there is of the Actuator's parts in applications that have not all of them. */
class WithoutActuatorTest {
  private static final AutoConfigurations CONFIGURATION =
      AutoConfigurations.of(
          HttpKitServerAutoConfiguration.class,
          HttpKitEndpointAutoConfiguration.class,
          HttpKitActuatorAutoConfiguration.class);

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(CONFIGURATION)
          .withPropertyValues("httpkit.port=0", "management.server.port=0");

  @Test
  void withoutItsClassesThereIsNothing() {
    runner
        .withClassLoader(
            new FilteredClassLoader(
                "org.springframework.boot.actuate", "org.springframework.boot.health"))
        .run(
            context -> {
              assertThat(context)
                  .hasNotFailed()
                  .doesNotHaveBean(ExposedEndpoints.class)
                  .doesNotHaveBean("httpKitEndpoint")
                  .doesNotHaveBean("httpKitManagementServer");
              int port = context.getBean(HttpKitWebServer.class).getPort();
              assertThat(Http.get(port, "/actuator").statusCode()).isEqualTo(404);
            });
  }

  @Test
  void withoutAServerThereIsNothing() {
    runner
        .withConfiguration(AutoConfigurations.of(EndpointAutoConfiguration.class))
        .withPropertyValues("httpkit.enabled=false")
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .doesNotHaveBean(ExposedEndpoints.class)
                    .doesNotHaveBean(HttpKitEndpoint.class)
                    .doesNotHaveBean(ManagementServer.class));
  }

  @Test
  void withoutHealthThereAreTheOtherEndpoints() {
    runner
        .withConfiguration(
            AutoConfigurations.of(EndpointAutoConfiguration.class, JacksonAutoConfiguration.class))
        .withPropertyValues("management.endpoints.web.exposure.include=*")
        .withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
        .run(
            context -> {
              assertThat(context)
                  .hasNotFailed()
                  .doesNotHaveBean("healthEndpointWebExtension")
                  .hasSingleBean(WebEndpointsSupplier.class);
              int port = context.getBean(ManagementServer.class).webServer().getPort();
              assertThat(Http.get(port, "/actuator/httpkit").statusCode()).isEqualTo(200);
            });
  }

  @Test
  void withoutReactorThereIsAllTheSame() {
    runner
        .withConfiguration(AutoConfigurations.of(EndpointAutoConfiguration.class))
        .withPropertyValues("management.endpoints.web.exposure.include=*")
        .withClassLoader(new FilteredClassLoader("reactor", "org.reactivestreams"))
        .run(
            context -> {
              int port = context.getBean(ManagementServer.class).webServer().getPort();
              assertThat(Http.get(port, "/actuator/httpkit").statusCode()).isEqualTo(200);
            });
  }

  @Test
  void besideAWebFrameworkEndpointsAreItsOwn() {
    new WebApplicationContextRunner()
        .withConfiguration(CONFIGURATION)
        .withPropertyValues("httpkit.port=0", "management.endpoints.web.exposure.include=*")
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .hasSingleBean(HttpKitEndpoint.class)
                    .doesNotHaveBean(ExposedEndpoints.class)
                    .doesNotHaveBean(HealthEndpointWebExtension.class));
    new ReactiveWebApplicationContextRunner()
        .withConfiguration(CONFIGURATION)
        .withPropertyValues("httpkit.port=0", "management.endpoints.web.exposure.include=*")
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .doesNotHaveBean(HttpKitEndpoint.class)
                    .doesNotHaveBean(ExposedEndpoints.class));
  }
}
