package io.httpkit.benchmarks;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The files that the system lets a process have open; a connection is one. */
final class OpenFiles {
  /** What a JVM needs beside connections, with room to spare. */
  private static final int OTHERS = 256;

  private OpenFiles() {}

  /**
   * Fails unless so many connections can be had. A JVM uses all that the hard limit allows.
   *
   * @throws IllegalStateException if not
   */
  static void require(int connections) {
    long needed = (long) connections + OTHERS;
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        && system.getMaxFileDescriptorCount() < needed) {
      throw new IllegalStateException(
          String.format(
              "%d connections need %d open files in a process, but only %d are allowed:"
                  + " raise the limit (ulimit -Hn; ulimit -n %d), or ask for fewer connections",
              connections, needed, system.getMaxFileDescriptorCount(), needed));
    }
  }
}
