package io.httpkit.benchmarks;

import io.httpkit.benchmarks.Measurements.Sample;
import io.httpkit.benchmarks.clients.ClientMain;
import io.httpkit.benchmarks.clients.ClientPeer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client in a JVM of its own, which does nothing unless it is its turn. */
final class ClientProcess {
  private static final double NANOS = 1e9;

  /**
   * What one turn came to.
   *
   * @param allocated bytes for a request
   */
  record Result(Sample sample, double allocated) {
    /** Reads what {@link ClientMain} prints. */
    private static Result read(String line) {
      String[] fields = line.split(" ", -1);
      long requests = Long.parseLong(fields[0]);
      Sample sample =
          Sample.of(
              requests,
              Long.parseLong(fields[2]) / NANOS,
              Long.parseLong(fields[3]) / NANOS,
              Long.parseLong(fields[1]));
      return new Result(sample, (double) Long.parseLong(fields[4]) / requests);
    }
  }

  private final ClientPeer peer;
  private final BufferedReader results;
  private final OutputStream turns;
  private final Path log;

  private ClientProcess(ClientPeer peer, Process process, Path log) {
    this.peer = peer;
    this.results = process.inputReader(StandardCharsets.US_ASCII);
    this.turns = process.getOutputStream();
    this.log = log;
  }

  /** Starts a client. */
  static ClientProcess start(Children children, ClientPeer peer, ClientOptions options, String url)
      throws IOException {
    List<String> command = ServerProcess.java(ClientMain.class);
    command.addAll(
        List.of(
            peer.toString(),
            url,
            Integer.toString(options.inFlight()),
            Integer.toString(options.bytes())));
    Path log = Files.createTempFile("httpkit-client-", ".log");
    log.toFile().deleteOnExit();
    return new ClientProcess(
        peer, children.start(new ProcessBuilder(command).redirectError(log.toFile())), log);
  }

  ClientPeer peer() {
    return peer;
  }

  /** Lets it run for so long. */
  Result run(int seconds) throws IOException {
    turns.write((seconds + "\n").getBytes(StandardCharsets.US_ASCII));
    turns.flush();
    @Nullable String result = results.readLine();
    if (result == null) {
      throw new IllegalStateException(peer + " has ended; its output:\n" + Files.readString(log));
    }
    return Result.read(result);
  }
}
