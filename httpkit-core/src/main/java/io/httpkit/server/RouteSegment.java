package io.httpkit.server;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a template says about one segment of a path.
 *
 * @param shape what matches, without the names of variables; of a literal its text
 * @param names of the variables, in order
 * @param literals of a pattern what stands in front of each variable and behind the last, possibly
 *     nothing
 * @param regex of a pattern that has one: matches the segment as a whole
 * @param groups for each name, the number of the capturing group of the regex that is its value
 */
record RouteSegment(
    Kind kind,
    String shape,
    List<String> names,
    List<String> literals,
    @Nullable Pattern regex,
    List<Integer> groups) {
  /** What is said, the most specific first. */
  enum Kind {
    /** Exactly a text. */
    LITERAL,
    /** Variables beside literal text or each other, or with a regex. */
    PATTERN,
    /** Any text but none. */
    VARIABLE,
    /** Any text but none, which is not kept. */
    WILDCARD,
    /** This segment and all behind it, if there are any. */
    REST
  }

  /** A segment of another kind than {@link Kind#PATTERN}. */
  RouteSegment(Kind kind, String shape, List<String> names) {
    this(kind, shape, names, List.of(), null, List.of());
  }

  /**
   * The order in which segments at the same place are tried. Two are equal here if they match the
   * same segments, whatever they call their variables. Literals are in the order of their text.
   */
  static int compareSpecificity(RouteSegment a, RouteSegment b) {
    if (a.kind != b.kind) {
      return a.kind.compareTo(b.kind);
    }
    int fixedChars = Integer.compare(b.fixedChars(), a.fixedChars());
    return fixedChars != 0 ? fixedChars : a.shape.compareTo(b.shape);
  }

  /** How many characters of a pattern are literal: the more there are, the earlier it is tried. */
  private int fixedChars() {
    return literals.stream().mapToInt(String::length).sum();
  }

  /**
   * Whether segment {@code index} of the path, which must be there, is as said here. Literals are
   * not asked, as they are looked up, nor is what takes all that remain.
   */
  boolean matches(RoutePath path, int index) {
    if (kind != Kind.PATTERN) {
      return !path.isEmpty(index);
    }
    return regex == null
        ? cut(path.segment(index)) != null
        : !path.isEmpty(index) && path.matcher(index, regex).matches();
  }

  /**
   * Puts the value of each variable of a segment that matches into the array, from {@code at} on.
   */
  void collect(RoutePath path, int index, String[] values, int at) {
    if (kind == Kind.PATTERN) {
      String[] found =
          regex == null ? cut(path.segment(index)) : groups(path.matcher(index, regex));
      if (found == null) {
        throw new IllegalStateException("segment " + index + " no longer matches " + this);
      }
      System.arraycopy(found, 0, values, at, found.length);
    } else if (!names.isEmpty()) {
      values[at] = kind == Kind.REST ? path.rest(index) : path.segment(index);
    }
  }

  /** The values of the variables by the regex; null if the segment does not match. */
  private String @Nullable [] groups(Matcher matcher) {
    if (!matcher.matches()) {
      return null;
    }
    String[] values = new String[groups.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = matcher.group(groups.get(i));
    }
    return values;
  }

  /**
   * The values of the variables between the literals; null if the segment does not match. It is cut
   * from its end, at the last place where a literal fits. So the first variable gets as much as it
   * can, and there is never a need to go back, however long the segment is. None may be empty.
   */
  private String @Nullable [] cut(String segment) {
    int count = names.size();
    int start = literals.get(0).length();
    int end = segment.length() - literals.get(count).length();
    if (!segment.startsWith(literals.get(0)) || !segment.endsWith(literals.get(count))) {
      return null;
    }
    String[] values = new String[count];
    for (int i = count - 1; i > 0; i--) {
      String literal = literals.get(i);
      int at = segment.lastIndexOf(literal, end - 1 - literal.length());
      if (at <= start) {
        return null;
      }
      values[i] = segment.substring(at + literal.length(), end);
      end = at;
    }
    if (end <= start) {
      return null;
    }
    values[0] = segment.substring(start, end);
    return values;
  }
}
