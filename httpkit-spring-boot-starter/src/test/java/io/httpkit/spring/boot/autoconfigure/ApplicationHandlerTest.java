package io.httpkit.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.httpkit.server.Handler;
import io.httpkit.server.Response;
import io.httpkit.server.Router;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import io.httpkit.spring.boot.server.RouterCustomizer;
import io.httpkit.spring.boot.support.Http;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.annotation.Order;

@ExtendWith(OutputCaptureExtension.class)
class ApplicationHandlerTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(HttpKitServerAutoConfiguration.class))
          .withPropertyValues("httpkit.port=0");

  @Test
  void answers404WithoutAnyBean() {
    runner.run(context -> assertThat(get(context, "/").statusCode()).isEqualTo(404));
  }

  @Test
  void takesTheOnlyHandler() {
    runner
        .withUserConfiguration(OneHandler.class)
        .run(context -> assertThat(get(context, "/any").body()).isEqualTo("handler"));
  }

  @Test
  void takesTheOnlyRouter() {
    runner
        .withUserConfiguration(OneRouter.class)
        .run(
            context -> {
              assertThat(get(context, "/router").body()).isEqualTo("router");
              assertThat(get(context, "/other").statusCode()).isEqualTo(404);
            });
  }

  @Test
  void takesTheRouterAmongHandlers() {
    runner
        .withUserConfiguration(OneRouter.class, TwoHandlers.class)
        .run(context -> assertThat(get(context, "/router").body()).isEqualTo("router"));
  }

  @Test
  void takesThePrimaryHandler() {
    runner
        .withUserConfiguration(TwoHandlers.class, PrimaryHandler.class)
        .run(context -> assertThat(get(context, "/").body()).isEqualTo("primary"));
  }

  @Test
  void ignoresHandlersThatAreNoCandidates() {
    runner
        .withUserConfiguration(OneHandler.class, NoCandidate.class)
        .run(context -> assertThat(get(context, "/").body()).isEqualTo("handler"));
  }

  @Test
  void joinsTheRoutesOfAllCustomizers() {
    runner
        .withUserConfiguration(Routes.class)
        .run(
            context -> {
              assertThat(get(context, "/first").body()).isEqualTo("first");
              assertThat(get(context, "/second").body()).isEqualTo("second");
              assertThat(get(context, "/third").statusCode()).isEqualTo(404);
            });
  }

  @Test
  void customizersComeInOrder() {
    runner
        .withUserConfiguration(Routes.class)
        .run(
            context ->
                assertThat(context.getBean(Routes.class).calls).hasToString("first second "));
  }

  @Test
  void leavesTheRestToTheHandler() {
    runner
        .withUserConfiguration(Routes.class, OneHandler.class)
        .run(
            context -> {
              assertThat(get(context, "/first").body()).isEqualTo("first");
              assertThat(get(context, "/third").body()).isEqualTo("handler");
            });
  }

  @Test
  void leavesTheRestToTheRouter() {
    runner
        .withUserConfiguration(Routes.class, OneRouter.class)
        .run(
            context -> {
              assertThat(get(context, "/first").body()).isEqualTo("first");
              assertThat(get(context, "/router").body()).isEqualTo("router");
              assertThat(get(context, "/third").statusCode()).isEqualTo(404);
            });
  }

  @Test
  void severalHandlersStopTheStart() {
    runner
        .withUserConfiguration(TwoHandlers.class)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .isInstanceOf(AmbiguousHandlerException.class)
                    .hasMessageContaining("one, two"));
  }

  @Test
  void severalHandlersAreReportedByName(CapturedOutput output) {
    assertThat(catchThrowable(ApplicationHandlerTest::startAmbiguous)).isNotNull();
    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains("- one")
        .contains("- two")
        .contains("@Primary")
        .doesNotContain("\tat ");
  }

  private static void startAmbiguous() {
    new SpringApplicationBuilder(Ambiguous.class)
        .web(WebApplicationType.NONE)
        .properties("httpkit.port=0")
        .run()
        .close();
  }

  private static HttpResponse<String> get(ApplicationContext context, String path) {
    return Http.get(context.getBean(HttpKitWebServer.class).getPort(), path);
  }

  private static Handler answering(String text) {
    return request -> Response.text(text);
  }

  @ImportAutoConfiguration(HttpKitServerAutoConfiguration.class)
  static class Ambiguous extends TwoHandlers {}

  @Configuration(proxyBeanMethods = false)
  static class OneHandler {
    @Bean
    Handler handler() {
      return answering("handler");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class TwoHandlers {
    @Bean
    Handler one() {
      return answering("one");
    }

    @Bean
    Handler two() {
      return answering("two");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class PrimaryHandler {
    @Bean
    @Primary
    Handler primary() {
      return answering("primary");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class NoCandidate {
    @Bean(defaultCandidate = false)
    Handler part() {
      return answering("part");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OneRouter {
    @Bean
    Router router() {
      return Router.builder().get("/router", answering("router")).build();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Routes {
    final StringBuilder calls = new StringBuilder();

    @Bean
    @Order(2)
    RouterCustomizer second() {
      return routes -> {
        calls.append("second ");
        routes.get("/second", answering("second"));
      };
    }

    @Bean
    @Order(1)
    RouterCustomizer first() {
      return routes -> {
        calls.append("first ");
        routes.get("/first", answering("first"));
      };
    }
  }
}
