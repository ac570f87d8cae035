package io.httpkit.spring.boot.web.method;

import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The name of a group, in which path variables stand in braces. */
record GroupName(String pattern) {
  private static final Pattern VARIABLE = Pattern.compile("\\{([^{}]+)}");

  /** A variable that the path does not have stays as it is written. */
  String of(Map<String, String> variables) {
    if (pattern.indexOf('{') < 0) {
      return pattern;
    }
    return VARIABLE.matcher(pattern).replaceAll(found -> replacement(found, variables));
  }

  private static String replacement(MatchResult found, Map<String, String> variables) {
    return Matcher.quoteReplacement(variables.getOrDefault(found.group(1), found.group()));
  }
}
