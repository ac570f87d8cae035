package io.httpkit.spring.boot.actuate;

import io.httpkit.server.Request;
import org.springframework.boot.actuate.endpoint.SecurityContext;

/**
 * A bean that says on whose behalf an endpoint is called. Endpoints that show some things only to
 * those who are authorized ask for it, as {@code management.endpoint.health.show-details} does with
 * {@code when-authorized}. Without such a bean nobody is.
 *
 * <p>It does not keep anybody out: that is what an interceptor is for, or a management port of its
 * own.
 */
@FunctionalInterface
public interface EndpointSecurity {
  /** Everybody is unknown. */
  EndpointSecurity NONE = request -> SecurityContext.NONE;

  /**
   * Who sent the request, and in which roles. Called on a worker thread.
   *
   * @return {@link SecurityContext#NONE} if it is not known
   */
  SecurityContext securityContext(Request request);
}
