package io.httpkit.spring.boot.web.method;

import io.httpkit.server.Request;
import io.httpkit.spring.boot.server.AcceptHeader;
import io.httpkit.spring.boot.web.method.RouteConditions.ValueCondition;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/**
 * How precisely conditions that a request meets speak of it; the most precise come first. As in
 * Spring MVC, parameters are compared before headers, these before the type of the body, and that
 * before the types that the client accepts. Types that are as good as each other are put in the
 * order of their names, so that the same one is taken each time.
 */
final class Specificity implements Comparator<RouteConditions> {
  private final @Nullable MediaType body;
  private final AcceptHeader accepted;

  Specificity(Request request, AcceptHeader accepted) {
    this.body = RequestValues.contentType(request);
    this.accepted = accepted;
  }

  @Override
  public int compare(RouteConditions one, RouteConditions other) {
    int order = byValues(one.params(), other.params());
    if (order == 0) {
      order = byValues(one.headers(), other.headers());
    }
    if (order == 0) {
      order = Integer.compare(consumed(one), consumed(other));
    }
    if (order == 0) {
      order = Integer.compare(accepted(one), accepted(other));
    }
    return order == 0 ? types(one).compareTo(types(other)) : order;
  }

  /** The more come first, and of as many those that name more values. */
  private static int byValues(List<ValueCondition> one, List<ValueCondition> other) {
    int order = Integer.compare(other.size(), one.size());
    return order == 0 ? Long.compare(values(other), values(one)) : order;
  }

  private static long values(List<ValueCondition> conditions) {
    return conditions.stream().filter(each -> each.value() != null && !each.negated()).count();
  }

  /** How wide the range is that names the type of the body; wider than all if none does. */
  private int consumed(RouteConditions conditions) {
    return conditions.consumes().stream()
        .filter(each -> body != null && each.matches(body))
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
  private int accepted(RouteConditions conditions) {
    int quality = conditions.quality(accepted);
    return quality < 0 ? accepted.types().size() : quality;
  }

  private static String types(RouteConditions conditions) {
    return conditions.consumes() + " " + conditions.produces();
  }
}
