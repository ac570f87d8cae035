package io.httpkit.server;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A segment in which variables stand beside literal text or each other: {@code {name}.{type}}. It
 * is cut from its end, at the last place where a literal fits. So the first variable gets as much
 * as it can, and there is never a need to go back, however long the segment is.
 *
 * @param names of the variables, of which none may be empty
 * @param literals what stands in front of each variable and behind the last, possibly nothing
 */
record RouteParts(List<String> names, List<String> literals) implements RouteSegment {
  @Override
  public Kind kind() {
    return Kind.PATTERN;
  }

  @Override
  public String shape() {
    return String.join("{}", literals);
  }

  @Override
  public int fixedChars() {
    return literals.stream().mapToInt(String::length).sum();
  }

  @Override
  public boolean matches(RoutePath path, int index) {
    return cut(path.segment(index)) != null;
  }

  @Override
  public void collect(RoutePath path, int index, String[] values, int at) {
    String[] found = cut(path.segment(index));
    if (found == null) {
      throw new IllegalStateException("segment " + index + " no longer matches " + this);
    }
    System.arraycopy(found, 0, values, at, found.length);
  }

  /** The values of the variables; null if the segment does not match. */
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
