package io.httpkit.server;

import io.httpkit.internal.codec.http1.DefaultFields;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** The fields every response gets, made anew once a second. Any thread. */
final class DefaultFieldsClock {
  private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  private static final String[] MONTHS = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };
  private static final long MILLIS = 1000;

  private record Made(long second, DefaultFields fields) {}

  private final String server;

  /** Volatile, as whichever thread finds it old replaces it. */
  private volatile Made last;

  DefaultFieldsClock(@Nullable String server) {
    this.server = server == null ? "" : server;
    this.last = make(System.currentTimeMillis() / MILLIS);
  }

  DefaultFields now() {
    Made made = last;
    long second = System.currentTimeMillis() / MILLIS;
    if (made.second != second) {
      made = make(second);
      last = made;
    }
    return made.fields;
  }

  private Made make(long second) {
    return new Made(second, new DefaultFields(format(second), server));
  }

  /**
   * IMF-fixdate, RFC 9110 §5.6.7. By hand, because loading a formatter of the JDK takes longer than
   * all the rest of a server's start.
   */
  static String format(long epochSecond) {
    LocalDateTime time = LocalDateTime.ofEpochSecond(epochSecond, 0, ZoneOffset.UTC);
    StringBuilder out = new StringBuilder(DAYS[time.getDayOfWeek().getValue() - 1]).append(", ");
    twoDigits(out, time.getDayOfMonth()).append(' ').append(MONTHS[time.getMonthValue() - 1]);
    out.append(' ').append(time.getYear()).append(' ');
    twoDigits(out, time.getHour()).append(':');
    twoDigits(out, time.getMinute()).append(':');
    return twoDigits(out, time.getSecond()).append(" GMT").toString();
  }

  private static StringBuilder twoDigits(StringBuilder out, int value) {
    return out.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
  }
}
