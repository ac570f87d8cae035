package io.httpkit.spring.boot.web.method;

import io.httpkit.server.Handler;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.server.AcceptHeader;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;

/**
 * Handler methods at the same path and method, of which the conditions choose one. What none of
 * them takes is refused for the condition that was looked at last: headers 404, parameters 400, the
 * type of the body 415, accepted types 406.
 */
final class RouteVariants implements Handler {
  private final List<MethodHandler> variants;
  private final Problems problems;

  RouteVariants(List<MethodHandler> variants, Problems problems) {
    this.variants = List.copyOf(variants);
    this.problems = problems;
  }

  @Override
  public Response handle(Request request) {
    MethodHandler chosen;
    try {
      chosen = choose(request);
    } catch (RuntimeException e) {
      return problems.answer(e, request);
    }
    return chosen.handle(request);
  }

  /** A refusal never waits. */
  @Override
  public boolean isNonBlocking(Request request) {
    try {
      return choose(request).isNonBlocking(request);
    } catch (RuntimeException e) {
      return true;
    }
  }

  private MethodHandler choose(Request request) {
    List<MethodHandler> left =
        filter(variants, request, (conditions, asked) -> conditions.headersMatch(asked));
    if (left.isEmpty()) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    List<MethodHandler> byParams =
        filter(left, request, (conditions, asked) -> conditions.paramsMatch(asked));
    if (byParams.isEmpty()) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST, wanted(left));
    }
    List<MethodHandler> byBody =
        filter(byParams, request, (conditions, asked) -> conditions.consumes(asked));
    if (byBody.isEmpty()) {
      throw notSupported(byParams, request);
    }
    AcceptHeader accepted = RequestValues.accepted(request);
    List<MethodHandler> byAccept =
        filter(byBody, request, (conditions, asked) -> conditions.produces(accepted));
    if (byAccept.isEmpty()) {
      throw new NotAcceptableStatusException(
          byBody.stream().flatMap(v -> v.conditions().produces().stream()).distinct().toList());
    }
    return best(byAccept, accepted);
  }

  private interface Test {
    boolean matches(RouteConditions conditions, Request request);
  }

  private static List<MethodHandler> filter(
      List<MethodHandler> variants, Request request, Test test) {
    List<MethodHandler> left = new ArrayList<>(variants.size());
    for (MethodHandler variant : variants) {
      if (test.matches(variant.conditions(), request)) {
        left.add(variant);
      }
    }
    return left;
  }

  private static String wanted(List<MethodHandler> variants) {
    StringBuilder text = new StringBuilder("The parameters must be: ");
    for (int i = 0; i < variants.size(); i++) {
      text.append(i == 0 ? "" : ", or ").append(variants.get(i).conditions().params());
    }
    return text.toString();
  }

  private static RuntimeException notSupported(List<MethodHandler> variants, Request request) {
    List<MediaType> supported =
        variants.stream()
            .flatMap(variant -> variant.conditions().consumes().stream())
            .filter(expression -> !expression.negated())
            .map(RouteConditions.MediaTypeExpression::type)
            .distinct()
            .toList();
    return new UnsupportedMediaTypeStatusException(RequestValues.contentType(request), supported);
  }

  /** More conditions first, then what the client likes best, then what says what it takes. */
  private static MethodHandler best(List<MethodHandler> variants, AcceptHeader accepted) {
    MethodHandler best = variants.get(0);
    for (MethodHandler variant : variants) {
      if (isBetter(variant.conditions(), best.conditions(), accepted)) {
        best = variant;
      }
    }
    return best;
  }

  private static boolean isBetter(
      RouteConditions one, RouteConditions other, AcceptHeader accepted) {
    if (one.count() != other.count()) {
      return one.count() > other.count();
    }
    int quality = Integer.compare(rank(one, accepted), rank(other, accepted));
    if (quality != 0) {
      return quality < 0;
    }
    return !one.consumes().isEmpty() && other.consumes().isEmpty();
  }

  private static int rank(RouteConditions conditions, AcceptHeader accepted) {
    int quality = conditions.quality(accepted);
    return quality < 0 ? accepted.types().size() : quality;
  }
}
