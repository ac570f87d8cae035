package io.httpkit.server;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Collects the parts of a segment that has more than one. */
final class PathTemplateMix {
  private static final Pattern ANY = Pattern.compile("(?s:.+)");

  private final List<String> names = new ArrayList<>();
  private final List<Pattern> regexes = new ArrayList<>();
  private final List<String> literals = new ArrayList<>(List.of(""));
  private boolean hasRegex;

  void addText(String literal) {
    literals.set(names.size(), literal);
  }

  void addVariable(String name) {
    add(name, ANY);
  }

  void addVariable(String name, Pattern regex) {
    hasRegex = true;
    add(name, regex);
  }

  private void add(String name, Pattern regex) {
    names.add(name);
    regexes.add(regex);
    literals.add("");
  }

  /** The segment; if there is a regex in it, one for all in which each variable is a group. */
  RouteSegment segment(Function<String, Pattern> compiler) {
    RouteParts parts = new RouteParts(List.copyOf(names), List.copyOf(literals));
    return hasRegex
        ? new RouteExpression(compiler.apply(regex()), parts.names(), groups(), parts.fixedChars())
        : parts;
  }

  private String regex() {
    StringBuilder regex = new StringBuilder(Pattern.quote(literals.get(0)));
    for (int i = 0; i < names.size(); i++) {
      regex.append('(').append(regexes.get(i)).append(')');
      regex.append(Pattern.quote(literals.get(i + 1)));
    }
    return regex.toString();
  }

  /** The numbers of the variables' groups, between which those inside their regexes are counted. */
  private List<Integer> groups() {
    List<Integer> groups = new ArrayList<>();
    int next = 1;
    for (Pattern regex : regexes) {
      groups.add(next);
      next += 1 + regex.matcher("").groupCount();
    }
    return List.copyOf(groups);
  }
}
