package io.httpkit.server;

import io.httpkit.http.BadMessageException;
import io.httpkit.internal.codec.uri.Percent;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The decoded path of a request, cut at the slashes it was sent with: an encoded slash belongs to
 * its segment. {@code /} has one segment, which is empty.
 */
final class RoutePath {
  private final String text;
  private final int[] ends;
  private final int count;

  private RoutePath(String text, int[] ends, int count) {
    this.text = text;
    this.ends = ends;
    this.count = count;
  }

  /**
   * Cuts a path that begins with a slash.
   *
   * @param maxSegments how many segments are told apart; more than any template has
   * @throws BadMessageException with 400 if a percent sign is not followed by two hexadecimal
   *     digits
   */
  static RoutePath of(String raw, int maxSegments) {
    int[] ends = new int[maxSegments];
    return raw.indexOf('%') < 0 ? plain(raw, ends) : encoded(raw, ends);
  }

  private static RoutePath plain(String raw, int[] ends) {
    int count = 0;
    for (int end = 0; end < raw.length() && count < ends.length; ) {
      end = endOfSegment(raw, end + 1);
      ends[count++] = end;
    }
    return new RoutePath(raw, ends, count);
  }

  private static RoutePath encoded(String raw, int[] ends) {
    StringBuilder text = new StringBuilder(raw.length());
    int count = 0;
    for (int end = 0; end < raw.length(); ) {
      int start = end + 1;
      end = endOfSegment(raw, start);
      text.append('/').append(Percent.decode(raw.substring(start, end)));
      if (count < ends.length) {
        ends[count++] = text.length();
      }
    }
    return new RoutePath(text.toString(), ends, count);
  }

  private static int endOfSegment(String raw, int start) {
    int slash = raw.indexOf('/', start);
    return slash < 0 ? raw.length() : slash;
  }

  /** The number of segments, as far as they are told apart. */
  int count() {
    return count;
  }

  boolean isEmpty(int index) {
    return start(index) == ends[index];
  }

  String segment(int index) {
    return text.substring(start(index), ends[index]);
  }

  /** All from this segment on, without the slash in front; empty behind the last segment. */
  String rest(int index) {
    return index == count ? "" : text.substring(start(index));
  }

  /** A matcher for a segment alone. */
  Matcher matcher(int index, Pattern regex) {
    return regex.matcher(text).region(start(index), ends[index]);
  }

  /** Compares a segment with a text, as {@link String#compareTo} does. */
  int compare(int index, String other) {
    int start = start(index);
    int length = ends[index] - start;
    int common = Math.min(length, other.length());
    for (int i = 0; i < common; i++) {
      int order = text.charAt(start + i) - other.charAt(i);
      if (order != 0) {
        return order;
      }
    }
    return length - other.length();
  }

  private int start(int index) {
    return index == 0 ? 1 : ends[index - 1] + 1;
  }
}
