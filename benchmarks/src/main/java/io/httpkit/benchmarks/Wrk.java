package io.httpkit.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load generator wrk. */
final class Wrk {
  /**
   * What one run came to.
   *
   * @param errors responses that were not 2xx or 3xx, and broken or silent connections
   */
  record Result(long requests, long bytes, double seconds, long errors) {}

  private static final Pattern RESULT =
      Pattern.compile("^RESULT (\\d+) (\\d+) (\\d+) (\\d+)$", Pattern.MULTILINE);
  private static final int GRACE_SECONDS = 30;

  private final Children children;
  private final Map<Scenario, Path> scripts = new EnumMap<>(Scenario.class);
  private final int connections;
  private final int threads;

  /**
   * @param folder where its scripts are put; they are deleted when this JVM ends
   */
  Wrk(Children children, Path folder, int connections, int threads) throws IOException {
    this.children = children;
    this.connections = connections;
    this.threads = threads;
    for (Scenario scenario : Scenario.values()) {
      Path script = folder.resolve(scenario + ".lua");
      script.toFile().deleteOnExit();
      scripts.put(scenario, Files.writeString(script, scenario.script()));
    }
  }

  /** Whether wrk can be run at all. */
  static boolean isInstalled() {
    try {
      new ProcessBuilder("wrk", "-v")
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
      return true;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Loads the server.
   *
   * @throws IllegalStateException if wrk fails or does not end in time
   */
  Result run(Scenario scenario, ServerProcess server, int seconds)
      throws IOException, InterruptedException {
    Process process =
        children.start(
            new ProcessBuilder(
                    List.of(
                        "wrk",
                        "-t" + Math.min(threads, scenario.connections(connections)),
                        "-c" + scenario.connections(connections),
                        "-d" + seconds + "s",
                        "-s" + scripts.get(scenario),
                        server.uri(scenario.path()).toString()))
                .redirectErrorStream(true));
    try {
      boolean ended = process.waitFor(seconds + GRACE_SECONDS, TimeUnit.SECONDS);
      String output = ended ? read(process) : "it did not end";
      Matcher result = RESULT.matcher(output);
      if (!result.find()) {
        throw new IllegalStateException("wrk failed: " + output);
      }
      return new Result(
          Long.parseLong(result.group(1)),
          Long.parseLong(result.group(2)),
          Long.parseLong(result.group(3)) / 1e6,
          Long.parseLong(result.group(4)));
    } finally {
      children.end(process);
    }
  }

  /** All that a process wrote, which fits into the pipe. */
  private static String read(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
