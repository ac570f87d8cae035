package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Servers and proxies that others have made, for one test. They end with it; then this JVM may have
 * no child.
 */
final class Counterparts implements AfterEachCallback {
  private static final String PORT = "PORT";

  private final List<ChildProgram> running = new ArrayList<>();

  /**
   * Starts an nginx whose files are in this directory: what it serves is below {@code www}.
   *
   * @param http what its {@code http} block holds; the word {@code PORT} there is its port
   * @return the port
   */
  int nginx(Path directory, String http) throws IOException, InterruptedException {
    int port = freePort();
    Files.createDirectories(directory.resolve("www"));
    Files.writeString(
        directory.resolve("nginx.conf"),
        """
        daemon off;
        %s
        error_log stderr notice;
        pid nginx.pid;
        events { worker_connections 512; }
        http {
          access_log off;
          default_type text/plain;
          root www;
          client_body_temp_path temp-body;
          proxy_temp_path temp-proxy;
          fastcgi_temp_path temp-fastcgi;
          uwsgi_temp_path temp-uwsgi;
          scgi_temp_path temp-scgi;
        %s
        }
        """
            .formatted(user(), http.replace(PORT, Integer.toString(port))));
    running.add(
        ChildProgram.start(
            List.of(
                ChildProgram.find("nginx"),
                "-e",
                "stderr",
                "-p",
                directory.toString(),
                "-c",
                directory.resolve("nginx.conf").toString()),
            "start worker process "));
    return port;
  }

  /** Root would become another user, who may not read the files of a test. */
  private static String user() {
    return System.getProperty("user.name").equals("root") ? "user root;" : "";
  }

  /**
   * Starts a tinyproxy whose files are in this directory.
   *
   * @param options lines of its configuration
   * @return the port
   */
  int tinyproxy(Path directory, String options) throws IOException, InterruptedException {
    int port = freePort();
    Path config =
        Files.writeString(
            directory.resolve("tinyproxy.conf"),
            """
            Port %d
            Listen 127.0.0.1
            Allow 127.0.0.1
            Timeout 60
            LogLevel Info
            %s
            """
                .formatted(port, options));
    running.add(
        ChildProgram.start(
            List.of(ChildProgram.find("tinyproxy"), "-d", "-c", config.toString()),
            "Accepting connections"));
    return port;
  }

  /**
   * A port that nobody has. Not one that the system would choose: it could choose the same for a
   * connection, before the program has it.
   */
  private static int freePort() throws IOException {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return free.getLocalPort();
      } catch (BindException e) {
        // somebody has it
      }
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    assertAll(running.stream().map(program -> program::end));
    assertThat(ProcessHandle.current().children()).isEmpty();
  }
}
