package io.httpkit.spring.boot.web.method;

import io.httpkit.server.Request;
import io.httpkit.spring.boot.server.AcceptHeader;
import io.httpkit.spring.boot.web.method.RouteConditions.ValueCondition;
import java.util.Comparator;
import java.util.List;
import org.springframework.http.MediaType;

/**
 * How precisely conditions that a request meets speak of it; the most precise come first. As in
 * Spring MVC, parameters are compared before headers, these before the type of the body, and that
 * before the types that the client accepts. Types that are as good as each other are put in the
 * order of their names, so that the same one is taken each time.
 */
record Specificity(
    int params,
    int paramValues,
    int headers,
    int headerValues,
    int consumed,
    int accepted,
    RouteConditions conditions) {
  static final Comparator<Specificity> MOST_PRECISE_FIRST =
      Comparator.comparingInt(Specificity::params)
          .thenComparingInt(Specificity::paramValues)
          .thenComparingInt(Specificity::headers)
          .thenComparingInt(Specificity::headerValues)
          .reversed()
          .thenComparingInt(Specificity::consumed)
          .thenComparingInt(Specificity::accepted)
          .thenComparing(Specificity::types);

  static Specificity of(RouteConditions conditions, Request request, AcceptHeader accepted) {
    return new Specificity(
        conditions.params().size(),
        values(conditions.params()),
        conditions.headers().size(),
        values(conditions.headers()),
        consumed(conditions, request),
        accepted(conditions, accepted),
        conditions);
  }

  private static int values(List<ValueCondition> conditions) {
    return (int)
        conditions.stream().filter(each -> each.value() != null && !each.negated()).count();
  }

  /** How wide the range is that names the type of the body; wider than all if none does. */
  private static int consumed(RouteConditions conditions, Request request) {
    MediaType type = RequestValues.contentType(request);
    return conditions.consumes().stream()
        .filter(each -> type != null && each.matches(type))
        .mapToInt(each -> each.negated() ? 4 : width(each.type()))
        .min()
        .orElse(5);
  }

  private static int width(MediaType type) {
    if (type.isConcrete()) {
      return 0;
    }
    if (type.isWildcardType()) {
      return 3;
    }
    return type.getSubtypeSuffix() == null ? 2 : 1;
  }

  /** The place of the best type in the client's list; behind all if it is not said what it is. */
  private static int accepted(RouteConditions conditions, AcceptHeader accepted) {
    int quality = conditions.quality(accepted);
    return quality < 0 ? accepted.types().size() : quality;
  }

  private String types() {
    return conditions.consumes() + " " + conditions.produces();
  }
}
