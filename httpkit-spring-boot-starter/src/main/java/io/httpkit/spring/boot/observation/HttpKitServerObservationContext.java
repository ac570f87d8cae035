package io.httpkit.spring.boot.observation;

import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.server.Request;
import io.micrometer.observation.transport.Propagator;
import io.micrometer.observation.transport.RequestReplyReceiverContext;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a request while it is observed. Its carrier is the headers, from which a trace
 * is continued; none if the client broke HTTP, but a carrier also then, as tracers want one. Its
 * response is the status, once the head of the response is sent.
 */
public final class HttpKitServerObservationContext
    extends RequestReplyReceiverContext<Headers, Status> {
  private final @Nullable Request request;

  /** Written by the thread that stops the observation, before it does. */
  private boolean aborted;

  /** Of this request, or of one that could not be read. */
  public HttpKitServerObservationContext(@Nullable Request request) {
    super(new HeadersGetter());
    this.request = request;
    setCarrier(request == null ? Headers.empty() : request.headers());
  }

  /** The request; null if the client broke HTTP, so that there is none. */
  public @Nullable Request request() {
    return request;
  }

  /** Whether the request got no response, or not all of one, as its client was gone. */
  public boolean isAborted() {
    return aborted;
  }

  /** Says whether the request was given up. */
  public void setAborted(boolean value) {
    aborted = value;
  }

  private static final class HeadersGetter implements Propagator.Getter<Headers> {
    @Override
    public @Nullable String get(Headers carrier, String key) {
      return carrier.get(key).orElse(null);
    }

    @Override
    public Iterable<String> getAll(Headers carrier, String key) {
      return carrier.all(key);
    }
  }
}
