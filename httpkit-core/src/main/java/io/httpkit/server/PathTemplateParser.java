package io.httpkit.server;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads the segments of a template, and says what is wrong with one that is malformed. */
final class PathTemplateParser {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+");

  private final String template;

  PathTemplateParser(String template) {
    this.template = template;
  }

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
    return List.copyOf(segments);
  }

  /** The error to throw for a template with this fault. */
  IllegalArgumentException bad(String fault) {
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
    if (!last && segment instanceof RouteSegment.Rest) {
      throw bad(template.substring(start, end) + " must be the last segment");
    }
    return segment;
  }

  private RouteSegment parse(int start, int end) {
    String text = template.substring(start, end);
    if (text.equals("*")) {
      return new RouteSegment.Wildcard();
    }
    if (text.indexOf('{') < 0) {
      return new RouteSegment.Literal(literal(text));
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
      return new RouteSegment.Rest(name(inside.substring(1)));
    }
    int colon = inside.indexOf(':');
    if (colon < 0) {
      return new RouteSegment.Variable(name(inside));
    }
    String name = name(inside.substring(0, colon));
    Pattern regex = regex(name, inside.substring(colon + 1));
    return new RouteExpression(regex, List.of(name), List.of(0), 0);
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

  private RouteSegment mixed(int start, int end) {
    PathTemplateMix mix = new PathTemplateMix();
    for (int at = start, next; at < end; at = next) {
      if (template.charAt(at) == '{') {
        next = endOfPart(at);
        addVariable(at, next, mix);
      } else {
        next = endOfText(at, end);
        mix.addText(literal(template.substring(at, next)));
      }
    }
    return mix.segment(regex -> regex(template.substring(start, end), regex));
  }

  private void addVariable(int start, int end, PathTemplateMix mix) {
    RouteSegment variable = variable(start, end);
    if (variable instanceof RouteSegment.Rest) {
      throw bad(template.substring(start, end) + " must be a whole segment");
    }
    String name = variable.names().get(0);
    if (variable instanceof RouteExpression expression) {
      mix.addVariable(name, expression.regex());
    } else {
      mix.addVariable(name);
    }
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
