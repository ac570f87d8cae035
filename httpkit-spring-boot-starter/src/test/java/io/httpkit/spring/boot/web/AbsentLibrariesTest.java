package io.httpkit.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.spring.boot.autoconfigure.HttpKitServerAutoConfiguration;
import io.httpkit.spring.boot.autoconfigure.HttpKitWebAutoConfiguration;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Handlers work where a library that is optional is not there. What was looked up when a class was
 * loaded is only seen with classes of one's own, from a class path without the library.
 */
@ExtendWith(OutputCaptureExtension.class)
class AbsentLibrariesTest {
  @ParameterizedTest(name = "without {0}")
  @CsvSource({
    "reactor-core, application/problem+json",
    "validat, application/problem+json",
    "jackson, text/plain",
  })
  void areNotMissed(String absent, String errorType) throws Exception {
    assertThat(runWithout(absent, App.class)).startsWith("text 400 " + errorType);
  }

  @Test
  void endpointsAreNotServedWithoutJacksonAndItIsSaid(CapturedOutput output) throws Exception {
    assertThat(runWithout("jackson", Managed.class)).isEqualTo("text 404");
    assertThat(output)
        .contains("endpoints of the Actuator are not served over HTTP")
        .contains("org.springframework.boot:spring-boot-starter-jackson");
  }

  @Test
  void endpointsAreServedWithJackson(CapturedOutput output) throws Exception {
    assertThat(runWithout("no such library", Managed.class)).isEqualTo("text 200");
    assertThat(output).doesNotContain("not served over HTTP");
  }

  /** What an application answers, with classes of its own. */
  private static String runWithout(String absent, Class<?> application) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader =
        new URLClassLoader(classPathWithout(absent), ClassLoader.getPlatformClassLoader())) {
      thread.setContextClassLoader(loader);
      Object app = loader.loadClass(application.getName()).getDeclaredConstructor().newInstance();
      return ((Callable<?>) app).call().toString();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static URL[] classPathWithout(String absent) throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry :
        StringUtils.tokenizeToStringArray(
            System.getProperty("java.class.path"), File.pathSeparator)) {
      File file = new File(entry);
      if (!file.getName().contains(absent)) {
        urls.add(file.toURI().toURL());
      }
    }
    return urls.toArray(new URL[0]);
  }

  /** Run with the classes of another loader. */
  public static final class App implements Callable<String> {
    @Override
    public String call() throws Exception {
      try (ConfigurableApplicationContext context =
          new SpringApplicationBuilder(Beans.class)
              .web(WebApplicationType.NONE)
              .properties("httpkit.port=0")
              .run()) {
        WebApp app = WebApp.in(context);
        var refused = app.get("/number?n=x");
        return app.get("/text").body()
            + " "
            + refused.statusCode()
            + " "
            + refused.headers().firstValue("Content-Type").orElse("");
      }
    }
  }

  /** The same with all that the class path gives, the Actuator among it. */
  public static final class Managed implements Callable<String> {
    @Override
    public String call() throws Exception {
      try (ConfigurableApplicationContext context =
          new SpringApplicationBuilder(Everything.class)
              .web(WebApplicationType.NONE)
              .properties("httpkit.port=0")
              .run()) {
        WebApp app = WebApp.in(context);
        return app.get("/text").body() + " " + app.get("/actuator/health").statusCode();
      }
    }
  }

  @EnableAutoConfiguration
  @Import(Api.class)
  static class Everything {}

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    HttpKitServerAutoConfiguration.class,
    HttpKitWebAutoConfiguration.class,
    HttpMessageConvertersAutoConfiguration.class
  })
  @Import(Api.class)
  static class Beans {}

  @HttpKitController
  static class Api {
    @GetMapping("/text")
    String text() {
      return "text";
    }

    @GetMapping("/number")
    String number(@RequestParam int n) {
      return "" + n;
    }
  }
}
