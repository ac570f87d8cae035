package io.httpkit.internal.worker;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/** Virtual threads where the JVM has them, which this library is not compiled against. */
final class VirtualThreads {
  private VirtualThreads() {}

  /**
   * Runs each task on a virtual thread of its own, whose name is the prefix and a number that
   * counts up.
   *
   * @throws IllegalStateException on a JVM before 21
   */
  static ExecutorService executor(String prefix) {
    try {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      Class<?> type = Class.forName("java.lang.Thread$Builder$OfVirtual");
      builder = type.getMethod("name", String.class, long.class).invoke(builder, prefix, 1L);
      Object factory = type.getMethod("factory").invoke(builder);
      return (ExecutorService)
          Executors.class
              .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
              .invoke(null, factory);
    } catch (NoSuchMethodException | ClassNotFoundException e) {
      throw new IllegalStateException(
          "virtual threads need Java 21 or newer, this is " + Runtime.version().feature(), e);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("virtual threads cannot be made", e);
    }
  }
}
