package io.httpkit.client;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * The date of an {@code Expires} attribute, in whatever order its parts come. RFC 6265 §5.1.1. Used
 * for one date.
 */
final class CookieDate {
  private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
  private static final int MIN_YEAR = 1601;
  private static final int UNKNOWN = -1;

  private int secondOfDay = UNKNOWN;
  private int day = UNKNOWN;
  private int month = UNKNOWN;
  private int year = UNKNOWN;

  private CookieDate() {}

  /** Its milliseconds since 1970; empty if it is no date. */
  static OptionalLong parse(String text) {
    CookieDate date = new CookieDate();
    for (int start = 0; start < text.length(); ) {
      int end = start;
      while (end < text.length() && !isDelimiter(text.charAt(end))) {
        end++;
      }
      date.take(text.substring(start, end));
      start = end + 1;
    }
    return date.toMillis();
  }

  private static boolean isDelimiter(char c) {
    return c == '\t'
        || (c >= ' ' && c <= '/')
        || (c >= ';' && c <= '@')
        || (c >= '[' && c <= '`')
        || (c >= '{' && c <= '~');
  }

  /** The first token that can be a part is that part. */
  private void take(String token) {
    int digits = digits(token, 0);
    if (secondOfDay == UNKNOWN && takeTime(token)) {
      return;
    }
    if (day == UNKNOWN && (digits == 1 || digits == 2)) {
      day = number(token, 0, digits);
    } else if (month == UNKNOWN && monthOf(token) > 0) {
      month = monthOf(token);
    } else if (year == UNKNOWN && digits >= 2 && digits <= 4) {
      year = fullYear(number(token, 0, digits));
    }
  }

  /** {@code hh:mm:ss}, each of one or two digits, and then anything but a digit. */
  private boolean takeTime(String token) {
    int[] parts = new int[3];
    int at = 0;
    for (int i = 0; i < parts.length; i++) {
      if (i > 0 && (at == token.length() || token.charAt(at++) != ':')) {
        return false;
      }
      int digits = digits(token, at);
      if (digits < 1 || digits > 2) {
        return false;
      }
      parts[i] = number(token, at, digits);
      at += digits;
    }
    // A time that is none still counts as the time, so that the date is refused.
    boolean valid = parts[0] < 24 && parts[1] < 60 && parts[2] < 60;
    secondOfDay = valid ? (parts[0] * 60 + parts[1]) * 60 + parts[2] : Integer.MAX_VALUE;
    return true;
  }

  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at - from;
  }

  private static int number(String text, int from, int digits) {
    return Integer.parseInt(text, from, from + digits, 10);
  }

  /** 1 to 12 by the first three letters; 0 if it is none. */
  private static int monthOf(String token) {
    if (token.length() < 3) {
      return 0;
    }
    int at = MONTHS.indexOf(token.substring(0, 3).toLowerCase(Locale.ROOT));
    return at % 3 == 0 ? at / 3 + 1 : 0;
  }

  private static int fullYear(int number) {
    if (number >= 100) {
      return number;
    }
    return number + (number >= 70 ? 1900 : 2000);
  }

  private OptionalLong toMillis() {
    if (secondOfDay == UNKNOWN || day == UNKNOWN || month == UNKNOWN || year < MIN_YEAR) {
      return OptionalLong.empty();
    }
    try {
      LocalDateTime midnight = LocalDateTime.of(year, month, day, 0, 0);
      return secondOfDay == Integer.MAX_VALUE
          ? OptionalLong.empty()
          : OptionalLong.of(
              midnight.plusSeconds(secondOfDay).toInstant(ZoneOffset.UTC).toEpochMilli());
    } catch (DateTimeException e) {
      return OptionalLong.empty(); // such as 31 February
    }
  }
}
