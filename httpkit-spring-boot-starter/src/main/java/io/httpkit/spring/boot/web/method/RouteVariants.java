package io.httpkit.spring.boot.web.method;

import io.httpkit.server.Handler;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.server.AcceptHeader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;

/**
 * Handler methods at the same path and method, of which the conditions choose one. What none of
 * them takes is refused for the condition that was looked at last: headers 404, parameters 400, the
 * type of the body 415, accepted types 406. Of several that take it, the one that says so most
 * precisely does; where there is no such one, that is an error of the application, 500.
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
    List<MethodHandler> left = filter(variants, request, RouteConditions::headersMatch);
    if (left.isEmpty()) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    List<MethodHandler> byParams = filter(left, request, RouteConditions::paramsMatch);
    if (byParams.isEmpty()) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST, wanted(left));
    }
    List<MethodHandler> byBody = filter(byParams, request, RouteConditions::consumes);
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
    return byAccept.size() == 1 ? byAccept.get(0) : mostPrecise(byAccept, request, accepted);
  }

  private static List<MethodHandler> filter(
      List<MethodHandler> variants, Request request, BiPredicate<RouteConditions, Request> test) {
    List<MethodHandler> left = new ArrayList<>(variants.size());
    for (MethodHandler variant : variants) {
      if (test.test(variant.conditions(), request)) {
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

  /**
   * The one that says most precisely what it takes.
   *
   * @throws IllegalStateException if two of them do
   */
  private static MethodHandler mostPrecise(
      List<MethodHandler> variants, Request request, AcceptHeader accepted) {
    Comparator<MethodHandler> order =
        Comparator.comparing(MethodHandler::conditions, new Specificity(request, accepted));
    variants.sort(order);
    if (order.compare(variants.get(0), variants.get(1)) == 0) {
      throw ambiguous(request, variants.get(0), variants.get(1));
    }
    return variants.get(0);
  }

  private static IllegalStateException ambiguous(
      Request request, MethodHandler one, MethodHandler other) {
    String names =
        Stream.of(one, other)
            .map(variant -> HandlerMethodException.name(variant.invocable().getMethod()))
            .sorted()
            .collect(Collectors.joining(" and "));
    return new IllegalStateException(
        request
            + " is for "
            + names
            + ", and neither says more precisely than the other what it takes. Give one of them more"
            + " params or headers, or exclude what the other takes, as by params = \"!name\".");
  }
}
