package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.server.HttpServer;
import io.httpkit.server.Response;
import java.io.File;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client that all of an application may share. It cannot be made anew, so each has a JVM. */
@Timeout(120)
class SharedClientTest {
  @RegisterExtension final NothingLeft all = new NothingLeft();

  /**
   * The directory of a class of this package. The tests may be in a module, without a class path.
   */
  private static String root(Class<?> type) throws URISyntaxException {
    URL file = Objects.requireNonNull(type.getResource(type.getSimpleName() + ".class"));
    Path root = Path.of(file.toURI());
    for (String name : type.getName().split("\\.", -1)) {
      root = Objects.requireNonNull(root.getParent(), name);
    }
    return root.toString();
  }

  @Test
  void thereIsOneWithTheDefaults() {
    assertThat(HttpClient.shared()).isSameAs(HttpClient.shared());
    assertThat(HttpClient.shared().config()).isSameAs(ClientConfig.DEFAULTS);
    assertThat(NothingLeft.threads()).isEmpty();
  }

  /** Its threads are daemons: nothing but the end of the main method ends the JVM. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void worksAndKeepsNoJvmAlive(boolean stops) throws Exception {
    HttpServer server = all.httpServer(request -> Response.text("hello"), config -> config);
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                root(HttpClient.class) + File.pathSeparator + root(SharedClientProgram.class),
                SharedClientProgram.class.getName(),
                "http://127.0.0.1:" + server.port() + "/",
                String.valueOf(stops))
            .redirectErrorStream(true)
            .start();
    try {
      // no more than a pipe holds, so that it does not wait for us
      assertThat(jvm.waitFor(90, TimeUnit.SECONDS)).as("it has ended by itself").isTrue();
      String said = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      List<String> expected =
          stops
              ? List.of(
                  "first hello",
                  "second hello",
                  "connections 1",
                  "stopped 0",
                  "io.httpkit.client.ClientException: HTTP client is stopped")
              : List.of("first hello", "second hello", "connections 1");
      assertThat(said.lines()).containsExactlyElementsOf(expected);
      assertThat(jvm.exitValue()).isZero();
    } finally {
      jvm.destroyForcibly().waitFor();
    }
  }
}
