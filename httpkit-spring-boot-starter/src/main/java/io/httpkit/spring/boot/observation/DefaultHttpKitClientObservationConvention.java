package io.httpkit.spring.boot.observation;

import io.httpkit.client.ClientException;
import io.httpkit.client.ClientRequest;
import io.httpkit.client.ClientResponse;
import io.httpkit.http.Status;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names and keys that Spring's HTTP clients have: {@code client.name}, {@code exception},
 * {@code method}, {@code outcome}, {@code status} and {@code uri}, and with traces {@code
 * http.url}. {@code uri} is the path of the request's {@linkplain ClientRequest#uriTemplate
 * template}, or {@code none}; never its URL, as there is no end of them.
 */
public class DefaultHttpKitClientObservationConvention
    implements HttpKitClientObservationConvention {
  private static final KeyValue URI_NONE = KeyValue.of("uri", KeyValue.NONE_VALUE);

  private static final Pattern SCHEME_AND_HOST =
      Pattern.compile("^https?://[^/?#]*", Pattern.CASE_INSENSITIVE);

  private final String name;

  /** With the name {@code http.client.requests}. */
  public DefaultHttpKitClientObservationConvention() {
    this("http.client.requests");
  }

  /** With another name. */
  public DefaultHttpKitClientObservationConvention(String name) {
    this.name = name;
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public String getContextualName(HttpKitClientObservationContext context) {
    return "http " + context.request().method().name().toLowerCase(Locale.ROOT);
  }

  @Override
  public KeyValues getLowCardinalityKeyValues(HttpKitClientObservationContext context) {
    return KeyValues.of(
        clientName(context),
        Keys.exception(context.getError()),
        KeyValue.of("method", context.request().method().name()),
        Keys.outcome(statusOf(context)),
        status(context),
        uri(context));
  }

  @Override
  public KeyValues getHighCardinalityKeyValues(HttpKitClientObservationContext context) {
    return KeyValues.of("http.url", context.request().url());
  }

  /** The host that is asked. */
  protected KeyValue clientName(HttpKitClientObservationContext context) {
    String host = host(context.request().url());
    return KeyValue.of("client.name", host == null ? KeyValue.NONE_VALUE : host);
  }

  private static @Nullable String host(String url) {
    try {
      return URI.create(url).getHost();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** The status; without a response, whether the network was to blame. */
  protected KeyValue status(HttpKitClientObservationContext context) {
    boolean isNetwork =
        context.getError() instanceof IOException error
            && !(error instanceof ClientException own
                && own.kind() == ClientException.Kind.CANCELLED);
    return Keys.status(statusOf(context), isNetwork ? "IO_ERROR" : "CLIENT_ERROR");
  }

  /** The template of the URL without scheme and host, if it is known. */
  protected KeyValue uri(HttpKitClientObservationContext context) {
    String template = context.request().uriTemplate();
    if (template == null) {
      return URI_NONE;
    }
    String path = SCHEME_AND_HOST.matcher(template).replaceFirst("");
    return KeyValue.of("uri", path.startsWith("/") ? path : "/" + path);
  }

  private static @Nullable Status statusOf(HttpKitClientObservationContext context) {
    ClientResponse response = context.getResponse();
    return response == null ? null : response.status();
  }
}
