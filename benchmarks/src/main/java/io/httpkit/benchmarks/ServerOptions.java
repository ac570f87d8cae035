package io.httpkit.benchmarks;

import java.nio.file.Path;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The command line of each server: {@code PORT [--mode loop|worker|vt] [--workers N] [--io N]
 * [--tls FILE]}.
 *
 * @param workers threads that run handlers with {@code --mode worker}
 * @param io threads that do I/O; 0 leaves it to the server
 * @param tls the file with the keys of {@link TlsKeys}; null for plaintext
 */
public record ServerOptions(int port, Mode mode, int workers, int io, @Nullable Path tls) {
  /** The only address that servers listen on. */
  public static final String HOST = "127.0.0.1";

  /** Connections that wait to be accepted. */
  public static final int BACKLOG = 4096;

  /** Where handlers run. */
  public enum Mode {
    /** On the thread that read the request. */
    LOOP,
    /** On a pool of platform threads. */
    WORKER,
    /** On a virtual thread each. */
    VT;

    static Mode of(String name) {
      return switch (name) {
        case "loop" -> LOOP;
        case "worker" -> WORKER;
        case "vt" -> VT;
        default -> throw new IllegalArgumentException("unknown mode " + name);
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException if it is not as above
   */
  public static ServerOptions parse(String... args) {
    if (args.length % 2 == 0) {
      throw new IllegalArgumentException(
          "PORT [--mode loop|worker|vt] [--workers N] [--io N] [--tls FILE] expected");
    }
    Mode mode = Mode.LOOP;
    int workers = 4;
    int io = 0;
    Path tls = null;
    for (int i = 1; i < args.length; i += 2) {
      String value = args[i + 1];
      switch (args[i]) {
        case "--mode" -> mode = Mode.of(value);
        case "--workers" -> workers = Integer.parseInt(value);
        case "--io" -> io = Integer.parseInt(value);
        case "--tls" -> tls = Path.of(value);
        default -> throw new IllegalArgumentException("unknown option " + args[i]);
      }
    }
    return new ServerOptions(Integer.parseInt(args[0]), mode, workers, io, tls);
  }

  /** The keys of a server that speaks TLS; null for plaintext. */
  public @Nullable SSLContext tlsContext() {
    return tls == null ? null : TlsKeys.context(tls);
  }

  /** The threads for I/O, one for each core unless given. */
  public int ioThreads() {
    return io > 0 ? io : Runtime.getRuntime().availableProcessors();
  }
}
