package io.httpkit.spring.boot.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * How observations of the client's requests are named, and with which keys. A bean of this type
 * replaces {@link DefaultHttpKitClientObservationConvention}.
 */
public interface HttpKitClientObservationConvention
    extends ObservationConvention<HttpKitClientObservationContext> {
  @Override
  default boolean supportsContext(Observation.Context context) {
    return context instanceof HttpKitClientObservationContext;
  }
}
