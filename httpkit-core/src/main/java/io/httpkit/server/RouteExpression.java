package io.httpkit.server;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A segment that a regex matches as a whole.
 *
 * @param groups for each name, the number of the capturing group that is its value
 * @param fixedChars how many characters are literal text of the template
 */
record RouteExpression(Pattern regex, List<String> names, List<Integer> groups, int fixedChars)
    implements RouteSegment {
  @Override
  public Kind kind() {
    return Kind.PATTERN;
  }

  @Override
  public String shape() {
    return regex.pattern();
  }

  @Override
  public boolean matches(RoutePath path, int index) {
    return !path.isEmpty(index) && path.matcher(index, regex).matches();
  }

  @Override
  public void collect(RoutePath path, int index, String[] values, int at) {
    Matcher matcher = path.matcher(index, regex);
    if (!matcher.matches()) {
      throw new IllegalStateException("segment " + index + " no longer matches " + regex);
    }
    for (int i = 0; i < groups.size(); i++) {
      values[at + i] = matcher.group(groups.get(i));
    }
  }
}
