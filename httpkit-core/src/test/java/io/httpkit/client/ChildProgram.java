package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.testing.EventLog;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A program of the system that runs beside a test, as a child of this JVM. */
final class ChildProgram {
  private static final long BOUND_SECONDS = 20;
  private static final long GRACE_SECONDS = 10;
  private static final String ENDED = "(it has ended)";

  private final Process process;
  private final EventLog<String> said = new EventLog<>();
  private final Thread reader;

  private ChildProgram(Process process) {
    this.process = process;
    this.reader = new Thread(this::read, "child-" + process.pid());
  }

  /**
   * Starts it, and waits until it says that it is ready.
   *
   * @param ready a part of the line in which it says so
   */
  static ChildProgram start(List<String> command, String ready)
      throws IOException, InterruptedException {
    ChildProgram program =
        new ChildProgram(new ProcessBuilder(command).redirectErrorStream(true).start());
    program.reader.start();
    try {
      program.awaitReady(ready);
      return program;
    } catch (InterruptedException | RuntimeException | Error e) {
      program.end();
      throw e;
    }
  }

  private void awaitReady(String ready) throws InterruptedException {
    said.await(
        lines -> lines.contains(ENDED) || lines.stream().anyMatch(line -> line.contains(ready)),
        ready);
    assertThat(said.all()).doesNotContain(ENDED);
  }

  /** So that it never waits for us, and so that a failure can be explained. */
  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      lines.lines().forEach(said::add);
    } catch (IOException | UncheckedIOException e) {
      said.add(e.toString());
    } finally {
      said.add(ENDED);
    }
  }

  /** Ends it and all that it started: asks them first, then does not ask. */
  void end() throws InterruptedException {
    List<ProcessHandle> family =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    // it ends those that it started
    process.destroy();
    CompletableFuture<Void> ended =
        CompletableFuture.allOf(
            family.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new));
    try {
      ended.copy().get(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      family.forEach(ProcessHandle::destroyForcibly);
      Outcome.of(ended);
      throw new AssertionError("it had to be killed, and said " + said.all(), e);
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
    reader.join(TimeUnit.SECONDS.toMillis(BOUND_SECONDS));
    assertThat(reader.isAlive()).as("%s is alive", reader).isFalse();
  }

  /** The program of this name: on the path, or where only root has it on the path. */
  static String find(String name) {
    String path = System.getenv("PATH") + File.pathSeparator + "/usr/local/sbin:/usr/sbin:/sbin";
    for (String directory : path.split(File.pathSeparator, -1)) {
      Path program = Path.of(directory, name);
      if (Files.isExecutable(program)) {
        return program.toString();
      }
    }
    throw new AssertionError(
        "There is no " + name + " in " + path + ". The profile \"counterparts\" needs it.");
  }
}
