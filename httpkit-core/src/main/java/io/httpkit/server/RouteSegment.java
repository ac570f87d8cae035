package io.httpkit.server;

import java.util.List;

/** What a template says about one segment of a path. */
sealed interface RouteSegment
    permits RouteSegment.Literal,
        RouteExpression,
        RouteParts,
        RouteSegment.Variable,
        RouteSegment.Wildcard,
        RouteSegment.Rest {
  /** What is said, the most specific first. */
  enum Kind {
    LITERAL,
    PATTERN,
    VARIABLE,
    WILDCARD,
    REST
  }

  /**
   * The order in which segments at the same place are tried. Two are equal here if they match the
   * same segments, whatever they call their variables. Literals are in the order of their text.
   */
  static int compareSpecificity(RouteSegment a, RouteSegment b) {
    if (a.kind() != b.kind()) {
      return a.kind().compareTo(b.kind());
    }
    int fixedChars = Integer.compare(b.fixedChars(), a.fixedChars());
    return fixedChars != 0 ? fixedChars : a.shape().compareTo(b.shape());
  }

  Kind kind();

  /** What matches, without the names of variables. */
  String shape();

  /** How many characters of a pattern are literal: the more there are, the earlier it is tried. */
  default int fixedChars() {
    return 0;
  }

  /** The names of the variables, in order. */
  default List<String> names() {
    return List.of();
  }

  /** Whether segment {@code index} of the path, which must be there, is as said here. */
  boolean matches(RoutePath path, int index);

  /**
   * Puts the value of each variable of a segment that matches into the array, from {@code at} on.
   */
  default void collect(RoutePath path, int index, String[] values, int at) {}

  /** Exactly this text. */
  record Literal(String text) implements RouteSegment {
    @Override
    public Kind kind() {
      return Kind.LITERAL;
    }

    @Override
    public String shape() {
      return text;
    }

    @Override
    public boolean matches(RoutePath path, int index) {
      return path.compare(index, text) == 0;
    }
  }

  /** Any text but none. */
  record Variable(String name) implements RouteSegment {
    @Override
    public Kind kind() {
      return Kind.VARIABLE;
    }

    @Override
    public String shape() {
      return "{}";
    }

    @Override
    public List<String> names() {
      return List.of(name);
    }

    @Override
    public boolean matches(RoutePath path, int index) {
      return !path.isEmpty(index);
    }

    @Override
    public void collect(RoutePath path, int index, String[] values, int at) {
      values[at] = path.segment(index);
    }
  }

  /** Any text but none, which is not kept. */
  record Wildcard() implements RouteSegment {
    @Override
    public Kind kind() {
      return Kind.WILDCARD;
    }

    @Override
    public String shape() {
      return "*";
    }

    @Override
    public boolean matches(RoutePath path, int index) {
      return !path.isEmpty(index);
    }
  }

  /** This segment and all behind it, if there are any. */
  record Rest(String name) implements RouteSegment {
    @Override
    public Kind kind() {
      return Kind.REST;
    }

    @Override
    public String shape() {
      return "{*}";
    }

    @Override
    public List<String> names() {
      return List.of(name);
    }

    @Override
    public boolean matches(RoutePath path, int index) {
      return true;
    }

    @Override
    public void collect(RoutePath path, int index, String[] values, int at) {
      values[at] = path.rest(index);
    }
  }
}
