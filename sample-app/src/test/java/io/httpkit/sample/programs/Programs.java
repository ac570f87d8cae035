package io.httpkit.sample.programs;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Programs of the system. */
public final class Programs {
  /** Only a broken build takes that long. */
  public static final Duration LIMIT = Duration.ofSeconds(60);

  private static final Duration GRACE = Duration.ofSeconds(10);

  private Programs() {}

  /** The first of these programs that is on the path. */
  public static String find(String... names) {
    for (String name : names) {
      for (String directory : System.getenv("PATH").split(File.pathSeparator, -1)) {
        Path program = Path.of(directory, name);
        if (Files.isExecutable(program)) {
          return program.toString();
        }
      }
    }
    throw new AssertionError(
        "None of "
            + Arrays.toString(names)
            + " is on the PATH. CONTRIBUTING.md says which profile needs it.");
  }

  /** What the future gives, or a failure if it gives nothing in time. */
  public static <T> T join(CompletableFuture<T> future) {
    return future.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** Ends a process and all that it started: asks them first, then does not ask. */
  public static void end(Process process) {
    List<ProcessHandle> family = new ArrayList<>(process.descendants().toList());
    family.add(process.toHandle());
    family.forEach(ProcessHandle::destroy);
    CompletableFuture<?>[] exits =
        family.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
    CompletableFuture<Void> ended = CompletableFuture.allOf(exits);
    try {
      ended.get(GRACE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      family.forEach(ProcessHandle::destroyForcibly);
      join(ended);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
