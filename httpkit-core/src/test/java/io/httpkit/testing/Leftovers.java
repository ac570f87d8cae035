package io.httpkit.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a test may leave behind in this JVM. */
public final class Leftovers {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final long BOUND_SECONDS = 20;

  private Leftovers() {}

  /** Sockets and selectors that are open; none where the system does not tell. */
  public static List<String> descriptors() throws IOException {
    // the JDK opens a descriptor for itself with the first of all channels
    SocketChannel.open().close();
    List<String> open = new ArrayList<>();
    if (!Files.isDirectory(DESCRIPTORS)) {
      return open;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path descriptor : all) {
        String target = target(descriptor);
        if (target.startsWith("socket:") || target.startsWith("anon_inode:")) {
          open.add(target);
        }
      }
    }
    return open;
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      // closed since it was listed
      return "";
    }
  }

  /** The threads that run now and have a name that begins so. */
  public static List<Thread> threads(List<String> prefixes) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> prefixes.stream().anyMatch(thread.getName()::startsWith))
        .toList();
  }

  /** Fails unless all of these end, with a limit that only a broken build reaches. */
  public static void assertEnd(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(BOUND_SECONDS));
      assertThat(thread.isAlive()).as("%s is alive", thread).isFalse();
    }
  }
}
