package io.httpkit.server;

import io.httpkit.http.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A tree of templates, whose branches are segments. Immutable.
 *
 * <p>A search visits a node at most once, as its depth is the index of the segment it looks at. So
 * going back from a branch that leads nowhere stays cheap, whatever the path.
 */
final class RouteNode {
  private final Map<Method, Route> here;
  private final Map<Method, Route> rest;

  /** The branches that are literal, in order, then all others, the most specific first. */
  private final RouteSegment[] segments;

  private final RouteNode[] branches;
  private final String[] literals;

  /** The tree of these routes, which are the same in the first {@code depth} segments. */
  RouteNode(List<Route> routes, int depth) {
    List<Route> ending = new ArrayList<>();
    List<Route> open = new ArrayList<>();
    NavigableMap<RouteSegment, List<Route>> below = new TreeMap<>(RouteSegment::compareSpecificity);
    for (Route route : routes) {
      List<RouteSegment> all = route.segments();
      if (all.size() == depth) {
        ending.add(route);
      } else if (all.get(depth).kind() == RouteSegment.Kind.REST) {
        open.add(route);
      } else {
        below.computeIfAbsent(all.get(depth), segment -> new ArrayList<>()).add(route);
      }
    }
    here = Route.byMethod(ending);
    rest = Route.byMethod(open);
    segments = below.keySet().toArray(new RouteSegment[0]);
    branches = new RouteNode[segments.length];
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < segments.length; i++) {
      branches[i] = new RouteNode(below.getOrDefault(segments[i], List.of()), depth + 1);
      if (segments[i].kind() == RouteSegment.Kind.LITERAL) {
        texts.add(segments[i].shape());
      }
    }
    literals = texts.toArray(new String[0]);
  }

  /**
   * Asks about each template that matches, the most specific first, until a route is chosen.
   *
   * @param choice chooses among the routes of a template; null to be asked again for the next
   *     template, if there is one
   */
  @Nullable Route find(
      RoutePath path, int depth, Function<Map<Method, Route>, @Nullable Route> choice) {
    Route found = depth == path.count() ? choice.apply(here) : findBelow(path, depth, choice);
    return found != null ? found : choice.apply(rest);
  }

  private @Nullable Route findBelow(
      RoutePath path, int depth, Function<Map<Method, Route>, @Nullable Route> choice) {
    int literal = literal(path, depth);
    Route found = literal < 0 ? null : branches[literal].find(path, depth + 1, choice);
    for (int i = literals.length; found == null && i < branches.length; i++) {
      if (segments[i].matches(path, depth)) {
        found = branches[i].find(path, depth + 1, choice);
      }
    }
    return found;
  }

  /** The branch that is literally this segment, -1 without one. */
  private int literal(RoutePath path, int depth) {
    int low = 0;
    int high = literals.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = path.compare(depth, literals[middle]);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        high = middle - 1;
      } else {
        low = middle + 1;
      }
    }
    return -1;
  }
}
