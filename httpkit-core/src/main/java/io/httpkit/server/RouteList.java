package io.httpkit.server;

import io.httpkit.http.Method;
import io.httpkit.server.Router.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The routes that a builder and its contexts have collected. */
final class RouteList {
  /** A route before there is a router. */
  record Entry(@Nullable Method method, PathTemplate template, Handler handler) {}

  private final List<Entry> entries = new ArrayList<>();
  private final Map<List<String>, String> templates = new HashMap<>();
  private @Nullable Handler notFound;
  private BiFunction<? super Request, ? super Refusal, Response> refusals =
      (request, refusal) -> refusal.asText();

  /** Adds a route, unless there is one already that it could never be told apart from. */
  void add(@Nullable Method method, String text, Handler handler) {
    PathTemplate template = PathTemplate.parse(text);
    List<String> key = template.shape();
    key.add(method == null ? "*" : method.name());
    String other = templates.putIfAbsent(key, text);
    if (other != null) {
      throw new IllegalArgumentException(
          "two routes for "
              + (method == null ? "any method" : method.name())
              + " match the same paths: \""
              + other
              + "\" and \""
              + text
              + "\"");
    }
    entries.add(new Entry(method, template, handler));
  }

  List<Entry> entries() {
    return entries;
  }

  /** What answers where nothing matches; null if that is refused. */
  @Nullable Handler notFound() {
    return notFound;
  }

  RouteAnswers answers() {
    return new RouteAnswers(refusals);
  }

  void refusals(BiFunction<? super Request, ? super Refusal, Response> answer) {
    refusals = answer;
  }

  void notFound(Handler handler) {
    notFound = handler;
  }
}
