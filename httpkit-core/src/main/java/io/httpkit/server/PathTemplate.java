package io.httpkit.server;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The template of a route, such as {@code /users/{id}}. {@link Router} says what it may consist of.
 *
 * @param text as it was given
 * @param segments what stands between its slashes; a trailing slash makes an empty one
 * @param names of the variables, in order
 */
record PathTemplate(String text, List<RouteSegment> segments, List<String> names) {
  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException if it is malformed
   */
  static PathTemplate parse(String text) {
    PathTemplateParser parser = new PathTemplateParser(text);
    List<RouteSegment> segments = parser.segments();
    List<String> names = new ArrayList<>();
    segments.forEach(segment -> names.addAll(segment.names()));
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw parser.bad("two variables are called " + name + "; each name may be used once");
      }
    }
    return new PathTemplate(text, segments, names);
  }

  /**
   * What matches, without the names of variables: the same for templates that are equivalent. A
   * list of the caller's own.
   */
  List<String> shape() {
    List<String> shape = new ArrayList<>();
    segments.forEach(segment -> shape.add(segment.shape()));
    return shape;
  }

  boolean isLiteral() {
    for (RouteSegment segment : segments) {
      if (segment.kind() != RouteSegment.Kind.LITERAL) {
        return false;
      }
    }
    return true;
  }

  /** The values of the variables in a path that matches. */
  RouteVariables variables(RoutePath path) {
    String[] values = new String[names.size()];
    int at = 0;
    for (int i = 0; i < segments.size(); i++) {
      RouteSegment segment = segments.get(i);
      segment.collect(path, i, values, at);
      at += segment.names().size();
    }
    return new RouteVariables(names, values);
  }
}
