package io.httpkit.spring.boot.observation;

import io.httpkit.client.ClientConfig;
import io.httpkit.client.ClientRequest;
import io.httpkit.client.ClientResponse;
import io.httpkit.client.Interceptor;
import io.httpkit.http.Headers;
import io.httpkit.spring.boot.client.HttpKitClientCustomizer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Observes each request of the client until its response is complete, or its head if the body is
 * streamed. What was current where the request was sent is the parent, and the server that is asked
 * can continue the trace.
 */
public final class ClientRequestObservations implements Interceptor, HttpKitClientCustomizer {
  private final ObservationRegistry registry;
  private final HttpKitClientObservationConvention ownConvention;
  private final @Nullable HttpKitClientObservationConvention convention;

  /**
   * @param ownConvention names and keys
   * @param convention of the application, in place of that
   */
  public ClientRequestObservations(
      ObservationRegistry registry,
      HttpKitClientObservationConvention ownConvention,
      @Nullable HttpKitClientObservationConvention convention) {
    this.registry = registry;
    this.ownConvention = ownConvention;
    this.convention = convention;
  }

  @Override
  public void customize(ClientConfig.Builder config) {
    config.interceptor(this);
  }

  @Override
  public CompletionStage<ClientResponse> intercept(ClientRequest request, Chain chain) {
    HttpKitClientObservationContext context = new HttpKitClientObservationContext(request);
    Observation observation =
        Observation.createNotStarted(convention, ownConvention, () -> context, registry);
    if (observation.isNoop()) {
      return chain.proceed(request);
    }
    observation.start();
    try {
      return chain
          .proceed(traced(request, context))
          .whenComplete((response, failure) -> stop(observation, context, response, failure));
    } catch (RuntimeException | Error e) {
      stop(observation, context, null, e);
      throw e;
    }
  }

  private static ClientRequest traced(
      ClientRequest request, HttpKitClientObservationContext context) {
    Headers.Builder headers = context.getCarrier();
    return headers == null ? request : request.withHeaders(headers.build());
  }

  private static void stop(
      Observation observation,
      HttpKitClientObservationContext context,
      @Nullable ClientResponse response,
      @Nullable Throwable failure) {
    if (response != null) {
      context.setResponse(response);
    }
    if (failure != null) {
      observation.error(cause(failure));
    }
    observation.stop();
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
