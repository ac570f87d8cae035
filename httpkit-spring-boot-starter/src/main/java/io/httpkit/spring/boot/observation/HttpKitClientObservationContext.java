package io.httpkit.spring.boot.observation;

import io.httpkit.client.ClientRequest;
import io.httpkit.client.ClientResponse;
import io.httpkit.http.Headers;
import io.micrometer.observation.transport.RequestReplySenderContext;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a request of the client while it is observed. Its carrier is the headers that
 * are sent, so that the server can continue the trace.
 */
public final class HttpKitClientObservationContext
    extends RequestReplySenderContext<Headers.Builder, ClientResponse> {
  private final ClientRequest request;

  /** Of this request. */
  public HttpKitClientObservationContext(ClientRequest request) {
    super(HttpKitClientObservationContext::set);
    this.request = request;
    setCarrier(request.headers().toBuilder());
  }

  private static void set(Headers.@Nullable Builder carrier, String key, String value) {
    if (carrier != null) {
      carrier.set(key, value);
    }
  }

  /** The request as the application made it. */
  public ClientRequest request() {
    return request;
  }
}
