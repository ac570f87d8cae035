package io.httpkit.spring.boot.observation;

import io.httpkit.http.Status;
import io.httpkit.server.Request;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The names and keys that Spring Boot's web servers have, so that dashboards need not know which
 * server it is: {@code exception}, {@code method}, {@code outcome}, {@code status} and {@code uri},
 * and with traces {@code http.url}.
 *
 * <p>{@code uri} is the template of the route, never the path, as there are as many paths as
 * clients care to invent.
 */
public class DefaultHttpKitServerObservationConvention
    implements HttpKitServerObservationConvention {
  private static final KeyValue URI_NOT_FOUND = KeyValue.of("uri", "NOT_FOUND");
  private static final KeyValue URI_REDIRECTION = KeyValue.of("uri", "REDIRECTION");
  private static final KeyValue URI_UNKNOWN = KeyValue.of("uri", Keys.UNKNOWN);

  private final String name;

  /** With the name {@code http.server.requests}. */
  public DefaultHttpKitServerObservationConvention() {
    this("http.server.requests");
  }

  /** With another name. */
  public DefaultHttpKitServerObservationConvention(String name) {
    this.name = name;
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public String getContextualName(HttpKitServerObservationContext context) {
    Request request = context.request();
    if (request == null) {
      return "http unknown";
    }
    String method = "http " + request.method().name().toLowerCase(Locale.ROOT);
    String route = request.route().orElse(null);
    return route == null ? method : method + " " + route;
  }

  @Override
  public KeyValues getLowCardinalityKeyValues(HttpKitServerObservationContext context) {
    return KeyValues.of(
        Keys.exception(context.getError()),
        method(context),
        outcome(context),
        status(context),
        uri(context));
  }

  @Override
  public KeyValues getHighCardinalityKeyValues(HttpKitServerObservationContext context) {
    Request request = context.request();
    return KeyValues.of("http.url", request == null ? Keys.UNKNOWN : request.path());
  }

  /** The method; {@code UNKNOWN} of a request that could not be read. */
  protected KeyValue method(HttpKitServerObservationContext context) {
    Request request = context.request();
    return KeyValue.of("method", request == null ? Keys.UNKNOWN : request.method().name());
  }

  /** What kind of status it is; {@code UNKNOWN} if the request was given up. */
  protected KeyValue outcome(HttpKitServerObservationContext context) {
    return Keys.outcome(context.isAborted() ? null : context.getResponse());
  }

  /** The status; {@code UNKNOWN} if none was sent. */
  protected KeyValue status(HttpKitServerObservationContext context) {
    return Keys.status(context.getResponse(), Keys.UNKNOWN);
  }

  /** The template of the route, or why there is none. */
  protected KeyValue uri(HttpKitServerObservationContext context) {
    Request request = context.request();
    if (request == null) {
      return URI_UNKNOWN;
    }
    String route = request.route().orElse(null);
    return route == null ? withoutRoute(context.getResponse()) : KeyValue.of("uri", route);
  }

  private static KeyValue withoutRoute(@Nullable Status status) {
    if (status != null && status.code() / 100 == 3) {
      return URI_REDIRECTION;
    }
    return status != null && status.code() == Status.NOT_FOUND.code() ? URI_NOT_FOUND : URI_UNKNOWN;
  }
}
