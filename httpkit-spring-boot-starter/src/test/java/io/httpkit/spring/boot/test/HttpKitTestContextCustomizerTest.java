package io.httpkit.spring.boot.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.spring.boot.autoconfigure.HttpKitServerAutoConfiguration;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.web.context.servlet.AnnotationConfigServletWebApplicationContext;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.test.annotation.DirtiesContext.HierarchyMode;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextManager;
import org.springframework.test.context.support.AnnotationConfigContextLoader;

class HttpKitTestContextCustomizerTest {
  private static final String NOT_WEB = "spring.main.web-application-type=none";

  @Test
  void randomPortIsAnyFreePort() {
    with(
        RandomPort.class,
        context -> {
          int port = context.getBean(HttpKitWebServer.class).getPort();
          assertThat(context.getEnvironment().getProperty("httpkit.port")).isEqualTo("0");
          assertThat(port).isPositive();
          assertThat(context.getBean(PortUser.class).port).isEqualTo(port);
        });
  }

  @Test
  void mockStartsNoServer() {
    with(Mock.class, HttpKitTestContextCustomizerTest::hasNoPort);
  }

  @Test
  void noneStartsNoServer() {
    with(None.class, HttpKitTestContextCustomizerTest::hasNoPort);
  }

  @Test
  void definedPortIsLeftAlone() {
    with(
        DefinedPort.class,
        context -> {
          assertThat(context.getEnvironment().getProperty("httpkit.port")).isEqualTo("-1");
          assertThat(context.getEnvironment().containsProperty("httpkit.auto-startup")).isFalse();
        });
    assertThat(customizer(DefinedPort.class)).isNull();
  }

  @Test
  void whatTheTestSetsIsLeftAlone() {
    with(
        OwnPort.class,
        context ->
            assertThat(context.getEnvironment().getProperty("httpkit.port")).isEqualTo("-1"));
    with(
        OwnAutoStartup.class,
        context -> assertThat(context.getBean(HttpKitWebServer.class).getPort()).isPositive());
  }

  @Test
  void otherTestsAreLeftAlone() {
    assertThat(customizer(String.class)).isNull();
  }

  @Test
  void equalCustomizersShareAContext() {
    assertThat(customizer(RandomPort.class))
        .isEqualTo(customizer(OwnPort.class))
        .hasSameHashCodeAs(customizer(OwnPort.class))
        .isNotEqualTo(customizer(Mock.class));
  }

  @Test
  void aRandomPortMakesNoServerWhereNoneIsWanted() {
    new WebApplicationContextRunner(WebServerContext::new)
        .withInitializer(HttpKitTestContextCustomizerTest::customizeRandomPort)
        .run(
            context ->
                assertThat(context.getEnvironment().containsProperty("httpkit.port")).isFalse());
  }

  @Test
  void aRandomPortReplacesThatOfAServerBesideAnother() {
    new WebApplicationContextRunner(WebServerContext::new)
        .withPropertyValues("httpkit.port=8090")
        .withInitializer(HttpKitTestContextCustomizerTest::customizeRandomPort)
        .run(
            context ->
                assertThat(context.getEnvironment().getProperty("httpkit.port")).isEqualTo("0"));
  }

  private static void hasNoPort(ApplicationContext context) {
    assertThat(context.getBean(HttpKitWebServer.class).getPort()).isEqualTo(-1);
    assertThat(context.getEnvironment().getProperty("httpkit.auto-startup")).isEqualTo("false");
  }

  private static @Nullable ContextCustomizer customizer(Class<?> testClass) {
    return new HttpKitTestContextCustomizerFactory().createContextCustomizer(testClass, List.of());
  }

  private static void customizeRandomPort(ConfigurableApplicationContext context) {
    new HttpKitTestContextCustomizer(WebEnvironment.RANDOM_PORT)
        .customizeContext(
            context,
            new MergedContextConfiguration(
                Object.class, null, null, null, new AnnotationConfigContextLoader()));
  }

  /** Loads the context as Spring's test support does for this test class. */
  private static void with(Class<?> testClass, Consumer<ApplicationContext> assertions) {
    TestContext test = new TestContextManager(testClass).getTestContext();
    try {
      assertions.accept(test.getApplicationContext());
    } finally {
      test.markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
    }
  }

  @SpringBootTest(
      classes = Application.class,
      properties = NOT_WEB,
      webEnvironment = WebEnvironment.RANDOM_PORT)
  static class RandomPort {}

  @SpringBootTest(classes = Application.class, properties = NOT_WEB)
  static class Mock {}

  @SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.NONE)
  static class None {}

  @SpringBootTest(
      classes = Application.class,
      properties = {NOT_WEB, "httpkit.port=-1"},
      webEnvironment = WebEnvironment.DEFINED_PORT)
  static class DefinedPort {}

  @SpringBootTest(
      classes = Application.class,
      properties = {NOT_WEB, "httpkit.port=-1"},
      webEnvironment = WebEnvironment.RANDOM_PORT)
  static class OwnPort {}

  @SpringBootTest(
      classes = Application.class,
      properties = {NOT_WEB, "httpkit.port=0", "httpkit.autoStartup=true"})
  static class OwnAutoStartup {}

  @ImportAutoConfiguration(HttpKitServerAutoConfiguration.class)
  @Import(PortUser.class)
  static class Application {}

  /** Lazy, as a test class is: the port is known when the context is complete. */
  @Lazy
  static class PortUser {
    final int port;

    PortUser(@LocalServerPort int port) {
      this.port = port;
    }
  }

  /** A context of an application that has another server. */
  static class WebServerContext extends AnnotationConfigServletWebApplicationContext
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
}
