package io.httpkit.server;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ThreadFactory;

/** Virtual threads where the JVM has them, which this library is not compiled against. */
final class VirtualThreads {
  private VirtualThreads() {}

  /**
   * Makes virtual threads whose names are the prefix and a number that counts up.
   *
   * @throws IllegalStateException on a JVM before 21
   */
  static ThreadFactory factory(String prefix) {
    try {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      Class<?> type = Class.forName("java.lang.Thread$Builder$OfVirtual");
      builder = type.getMethod("name", String.class, long.class).invoke(builder, prefix, 1L);
      return (ThreadFactory) type.getMethod("factory").invoke(builder);
    } catch (NoSuchMethodException | ClassNotFoundException e) {
      throw new IllegalStateException(
          "virtual threads need Java 21 or newer, this is " + Runtime.version().feature(), e);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("virtual threads cannot be made", e);
    }
  }
}
