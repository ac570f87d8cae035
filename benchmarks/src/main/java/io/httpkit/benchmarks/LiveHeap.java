package io.httpkit.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The objects that a JVM holds: what is left after a collection, in bytes.
 *
 * @param classes bytes for each class, by its name in the JVM
 */
record LiveHeap(long bytes, Map<String, Long> classes) {
  /** {@code num: instances bytes class}. */
  private static final Pattern LINE =
      Pattern.compile("^ *\\d+: +\\d+ +(\\d+) +(\\S+)", Pattern.MULTILINE);

  /**
   * Of a JVM. Its garbage is collected twice: the first time may leave what is to be cleaned up.
   */
  static LiveHeap of(long pid) throws IOException, InterruptedException {
    String unused = jcmd(pid, "GC.run");
    Matcher line = LINE.matcher(jcmd(pid, "GC.class_histogram"));
    Map<String, Long> classes = new HashMap<>();
    while (line.find()) {
      classes.merge(line.group(2), Long.parseLong(line.group(1)), Long::sum);
    }
    return new LiveHeap(classes.values().stream().mapToLong(Long::longValue).sum(), classes);
  }

  private static String jcmd(long pid, String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(ServerProcess.tool("jcmd"), Long.toString(pid), command)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("jcmd failed: " + output);
    }
    return output;
  }
}
