package io.httpkit.spring.boot.observation;

import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.server.Request;
import io.micrometer.observation.transport.Propagator;
import io.micrometer.observation.transport.RequestReplyReceiverContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a request while it is observed. Its carrier is the request, from whose headers a
 * trace is continued; there is none if the client broke HTTP. Its response is the status, once the
 * head of the response is sent.
 */
public final class HttpKitServerObservationContext
    extends RequestReplyReceiverContext<Request, Status> {
  /** Written by the thread that stops the observation, before it does. */
  private boolean aborted;

  /** Of this request, or of one that could not be read. */
  public HttpKitServerObservationContext(@Nullable Request request) {
    super(new HeadersGetter());
    if (request != null) {
      setCarrier(request);
    }
  }

  /** Whether the request got no response, or not all of one, as its client was gone. */
  public boolean isAborted() {
    return aborted;
  }

  /** Says whether the request was given up. */
  public void setAborted(boolean value) {
    aborted = value;
  }

  private static final class HeadersGetter implements Propagator.Getter<Request> {
    @Override
    public @Nullable String get(Request carrier, String key) {
      return carrier.headers().get(key).orElse(null);
    }

    @Override
    public Iterable<String> getAll(Request carrier, String key) {
      Headers headers = carrier.headers();
      return headers.contains(key) ? headers.all(key) : List.of();
    }
  }
}
