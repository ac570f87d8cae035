package io.httpkit.server;

import io.httpkit.server.RouteSegment.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads the segments of a template, such as {@code /users/{id}}, and says what is wrong with one
 * that is malformed. {@link Router} says what it may consist of.
 */
final class PathTemplateParser {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+");
  private static final Pattern ANY = Pattern.compile("(?s:.+)");

  private final String template;
  private final Set<String> seen = new HashSet<>();

  PathTemplateParser(String template) {
    this.template = template;
  }

  /**
   * What stands between the slashes.
   *
   * @throws IllegalArgumentException if the template is malformed
   */
  List<RouteSegment> segments() {
    if (!template.startsWith("/")) {
      throw bad("it must start with '/'");
    }
    List<RouteSegment> segments = new ArrayList<>();
    for (int end = 0; end < template.length(); ) {
      int start = end + 1;
      end = endOfSegment(start);
      segments.add(segment(start, end));
    }
    segments.forEach(segment -> segment.names().forEach(this::checkNew));
    return List.copyOf(segments);
  }

  private void checkNew(String name) {
    if (!seen.add(name)) {
      throw bad("two variables are called " + name + "; each name may be used once");
    }
  }

  /** The error to throw for a template with this fault. */
  private IllegalArgumentException bad(String fault) {
    return new IllegalArgumentException("route template \"" + template + "\": " + fault);
  }

  private int endOfSegment(int start) {
    int at = start;
    while (at < template.length() && template.charAt(at) != '/') {
      at = endOfPart(at);
    }
    return at;
  }

  /** The index behind a variable, or behind a character that is none. */
  private int endOfPart(int at) {
    return switch (template.charAt(at)) {
      case '{' -> closing(at) + 1;
      case '}' -> throw bad("the '}' at index " + at + " closes nothing; each '{' needs one '}'");
      default -> at + 1;
    };
  }

  /**
   * The brace that closes a variable, whose regex may hold braces in pairs or behind backslashes.
   */
  private int closing(int open) {
    int depth = 0;
    for (int at = open; at < template.length(); at++) {
      switch (template.charAt(at)) {
        case '\\' -> at++;
        case '{' -> depth++;
        case '}' -> depth--;
        default -> {}
      }
      if (depth == 0) {
        return at;
      }
    }
    throw bad("the '{' at index " + open + " is never closed; each '{' needs one '}'");
  }

  private RouteSegment segment(int start, int end) {
    RouteSegment segment = parse(start, end);
    boolean last = end == template.length();
    if (!last && start == end) {
      throw bad(
          "the segment at index "
              + start
              + " is empty; only the last may be, for a trailing slash");
    }
    if (!last && segment.kind() == Kind.REST) {
      throw bad(template.substring(start, end) + " must be the last segment");
    }
    return segment;
  }

  private RouteSegment parse(int start, int end) {
    String text = template.substring(start, end);
    if (text.equals("*")) {
      return new RouteSegment(Kind.WILDCARD, "*", List.of());
    }
    if (text.indexOf('{') < 0) {
      return new RouteSegment(Kind.LITERAL, literal(text), List.of());
    }
    return endOfPart(start) == end ? variable(start, end) : mixed(start, end);
  }

  private String literal(String text) {
    if (text.indexOf('*') >= 0) {
      throw bad(
          "'*' must be a whole segment and stands for any one; {*name} stands for all that remain");
    }
    return text;
  }

  private RouteSegment variable(int start, int end) {
    String inside = template.substring(start + 1, end - 1);
    if (inside.startsWith("*")) {
      return new RouteSegment(Kind.REST, "{*}", List.of(name(inside.substring(1))));
    }
    int colon = inside.indexOf(':');
    if (colon < 0) {
      return new RouteSegment(Kind.VARIABLE, "{}", List.of(name(inside)));
    }
    String name = name(inside.substring(0, colon));
    Pattern regex = regex(name, inside.substring(colon + 1));
    return expression(regex, List.of(name), List.of(), List.of(0));
  }

  private String name(String name) {
    if (!NAME.matcher(name).matches()) {
      throw bad(
          (name.isEmpty() ? "a variable has no name" : "a variable is called \"" + name + "\"")
              + "; allowed are {name}, {name:regex} and {*name}, with a name of letters, digits,"
              + " '_', '-' and '.'");
    }
    return name;
  }

  private static RouteSegment expression(
      Pattern regex, List<String> names, List<String> literals, List<Integer> groups) {
    return new RouteSegment(Kind.PATTERN, regex.pattern(), names, literals, regex, groups);
  }

  /** If there is a regex in it, one for all in which each variable is a group. */
  private RouteSegment mixed(int start, int end) {
    List<String> names = new ArrayList<>();
    List<String> literals = new ArrayList<>(List.of(""));
    List<Pattern> regexes = new ArrayList<>();
    for (int at = start, next; at < end; at = next) {
      if (template.charAt(at) == '{') {
        next = endOfPart(at);
        RouteSegment variable = partOf(at, next);
        names.addAll(variable.names());
        regexes.add(Objects.requireNonNullElse(variable.regex(), ANY));
        literals.add("");
      } else {
        next = endOfText(at, end);
        literals.set(names.size(), literal(template.substring(at, next)));
      }
    }
    if (regexes.stream().allMatch(regex -> regex == ANY)) {
      String shape = String.join("{}", literals);
      return new RouteSegment(Kind.PATTERN, shape, names, literals, null, List.of());
    }
    Pattern whole = regex(template.substring(start, end), joined(literals, regexes));
    return expression(whole, names, literals, groups(regexes));
  }

  private RouteSegment partOf(int start, int end) {
    RouteSegment variable = variable(start, end);
    if (variable.kind() == Kind.REST) {
      throw bad(template.substring(start, end) + " must be a whole segment");
    }
    return variable;
  }

  private static String joined(List<String> literals, List<Pattern> regexes) {
    StringBuilder regex = new StringBuilder(Pattern.quote(literals.get(0)));
    for (int i = 0; i < regexes.size(); i++) {
      regex.append('(').append(regexes.get(i)).append(')');
      regex.append(Pattern.quote(literals.get(i + 1)));
    }
    return regex.toString();
  }

  /** The numbers of the variables' groups, between which those inside their regexes are counted. */
  private static List<Integer> groups(List<Pattern> regexes) {
    List<Integer> groups = new ArrayList<>();
    int next = 1;
    for (Pattern regex : regexes) {
      groups.add(next);
      next += 1 + regex.matcher("").groupCount();
    }
    return groups;
  }

  private int endOfText(int start, int max) {
    int brace = template.indexOf('{', start);
    return brace < 0 ? max : Math.min(brace, max);
  }

  private Pattern regex(String of, String regex) {
    if (regex.isEmpty()) {
      throw bad("the regex of " + of + " is empty");
    }
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      IllegalArgumentException bad =
          bad("the regex of " + of + " is malformed: " + e.getDescription());
      bad.initCause(e);
      throw bad;
    }
  }
}
