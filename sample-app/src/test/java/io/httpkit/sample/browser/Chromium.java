package io.httpkit.sample.browser;

import io.httpkit.sample.programs.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A browser without a window, which ends when this is closed. */
final class Chromium implements AutoCloseable {
  private static final String READY = "DevTools listening on ";

  private final CompletableFuture<URI> address = new CompletableFuture<>();
  private final Process process;
  private final DevTools devTools;

  /**
   * Starts it.
   *
   * @param profile an empty directory
   */
  Chromium(Path profile) throws IOException {
    String program = Programs.find("chromium", "chromium-browser", "google-chrome");
    process = new ProcessBuilder(command(program, profile)).redirectErrorStream(true).start();
    Thread reader = new Thread(this::read, "chromium-output");
    reader.setDaemon(true);
    reader.start();
    try {
      devTools = new DevTools(Programs.join(address));
    } catch (RuntimeException | Error e) {
      Programs.end(process);
      throw e;
    }
  }

  /** It is to show pages of this machine, and to do nothing else. */
  private static List<String> command(String program, Path profile) {
    return List.of(
        program,
        "--headless=new",
        "--no-sandbox",
        "--remote-debugging-port=0",
        "--user-data-dir=" + profile,
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
        "--no-proxy-server",
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-background-networking",
        "--disable-breakpad",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-dev-shm-usage",
        "--disable-extensions",
        "--disable-gpu",
        "--disable-sync",
        "about:blank");
  }

  /** Reads until it ends, as it would wait for us otherwise. */
  private void read() {
    StringBuilder said = new StringBuilder();
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith(READY)) {
          address.complete(URI.create(line.substring(READY.length()).strip()));
        } else if (!address.isDone()) {
          said.append(line).append('\n');
        }
      }
    } catch (IOException e) {
      said.append(e);
    }
    address.completeExceptionally(new AssertionError("Chromium did not start:\n" + said));
  }

  /** A page in a context of its own, as if another user had opened it. */
  Page open(String url) {
    return Page.open(devTools, url);
  }

  @Override
  public void close() {
    try {
      devTools.close();
    } finally {
      Programs.end(process);
    }
  }
}
