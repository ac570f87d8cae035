package io.httpkit.spring.boot.metrics;

import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Prometheus would read: the names of all series, with the names of their labels. */
record Scrape(Map<String, Set<String>> labelsByName) {
  /** Labels that Prometheus itself adds, or that belong to where an application runs. */
  private static final Set<String> OF_THE_TARGET = Set.of("instance", "job", "namespace");

  private static final Pattern SERIES = Pattern.compile("^(\\w+)(?:\\{(.*)})? \\S+$");
  private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"");
  private static final Pattern SELECTOR = Pattern.compile("([a-zA-Z_:]\\w*)\\{([^}]*)}");
  private static final Pattern WORD = Pattern.compile("\\w+");
  private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");

  static Scrape of(String text) {
    Map<String, Set<String>> found = new TreeMap<>();
    text.lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line -> {
              Matcher series = SERIES.matcher(line);
              if (series.matches()) {
                String labels = series.group(2) == null ? "" : series.group(2);
                found
                    .computeIfAbsent(series.group(1), name -> new TreeSet<>())
                    .addAll(names(labels));
              }
            });
    return new Scrape(found);
  }

  private static Set<String> names(String labels) {
    Set<String> names = new TreeSet<>();
    Matcher label = LABEL.matcher(labels);
    while (label.find()) {
      names.add(label.group(1));
    }
    return names;
  }

  /** What a query asks for that is not there: series, and labels. */
  Set<String> missing(String query) {
    Set<String> missing = new TreeSet<>();
    Set<String> labels = new HashSet<>(OF_THE_TARGET);
    Matcher selector = SELECTOR.matcher(query);
    while (selector.find()) {
      Set<String> known = labelsByName.get(selector.group(1));
      if (known == null) {
        missing.add(selector.group(1));
      } else {
        labels.addAll(known);
      }
      Set<String> asked = names(selector.group(2));
      asked.removeAll(known == null ? Collections.emptySet() : known);
      asked.removeAll(OF_THE_TARGET);
      asked.forEach(label -> missing.add(selector.group(1) + "{" + label + "}"));
    }
    Matcher grouping = GROUPING.matcher(query);
    while (grouping.find()) {
      WORD.matcher(grouping.group(1))
          .results()
          .map(MatchResult::group)
          .filter(label -> !labels.contains(label))
          .forEach(label -> missing.add("by " + label));
    }
    return missing;
  }

  /** Whether the query names any series at all. */
  static boolean isQuery(String text) {
    return SELECTOR.matcher(text).find();
  }
}
