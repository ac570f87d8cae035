package io.httpkit.server;

import io.httpkit.internal.codec.http1.DefaultFields;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * The fields every response gets, made anew once a second, as asking for the time with each
 * response would cost more than writing it. Any thread.
 */
final class DefaultFieldsClock {
  private static final String DAYS = "MonTueWedThuFriSatSun";
  private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
  private static final long MILLIS_PER_SECOND = 1000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final String server;

  /** Volatile: made by one thread, read by all. */
  private volatile DefaultFields fields;

  DefaultFieldsClock(@Nullable String server) {
    this.server = server == null ? "" : server;
    this.fields = make(System.currentTimeMillis());
  }

  /** As of the last refresh. */
  DefaultFields fields() {
    return fields;
  }

  /** Makes them for this second, and tells the nanoseconds until the next. */
  long refresh() {
    long millis = System.currentTimeMillis();
    fields = make(millis);
    return (MILLIS_PER_SECOND - millis % MILLIS_PER_SECOND) * NANOS_PER_MILLI;
  }

  private DefaultFields make(long millis) {
    return new DefaultFields(format(millis / MILLIS_PER_SECOND), server);
  }

  /**
   * IMF-fixdate, RFC 9110 §5.6.7. By hand, because loading a formatter of the JDK takes longer than
   * all the rest of a server's start.
   */
  static String format(long epochSecond) {
    LocalDateTime time = LocalDateTime.ofEpochSecond(epochSecond, 0, ZoneOffset.UTC);
    StringBuilder out = new StringBuilder();
    shortName(out, DAYS, time.getDayOfWeek().getValue()).append(", ");
    twoDigits(out, time.getDayOfMonth()).append(' ');
    shortName(out, MONTHS, time.getMonthValue());
    out.append(' ').append(time.getYear()).append(' ');
    twoDigits(out, time.getHour()).append(':');
    twoDigits(out, time.getMinute()).append(':');
    return twoDigits(out, time.getSecond()).append(" GMT").toString();
  }

  /** One of some names of three letters, counted from 1. */
  private static StringBuilder shortName(StringBuilder out, String names, int number) {
    return out.append(names, 3 * (number - 1), 3 * number);
  }

  private static StringBuilder twoDigits(StringBuilder out, int value) {
    return out.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
  }
}
