package io.httpkit.spring.boot.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * How observations of the server's requests are named, and with which keys. A bean of this type
 * replaces {@link DefaultHttpKitServerObservationConvention}.
 */
public interface HttpKitServerObservationConvention
    extends ObservationConvention<HttpKitServerObservationContext> {
  @Override
  default boolean supportsContext(Observation.Context context) {
    return context instanceof HttpKitServerObservationContext;
  }
}
