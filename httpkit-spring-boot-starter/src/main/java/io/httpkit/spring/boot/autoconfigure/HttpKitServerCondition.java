package io.httpkit.spring.boot.autoconfigure;

import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnNotWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;

/**
 * Whether this server serves the application: it does if no other would, and beside a servlet
 * container if it is asked to by a port of its own.
 */
final class HttpKitServerCondition extends AnyNestedCondition {
  HttpKitServerCondition() {
    super(ConfigurationPhase.REGISTER_BEAN);
  }

  /** The only server. */
  @ConditionalOnNotWebApplication
  static final class NotWeb {}

  /** Beside a servlet container. */
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
  @ConditionalOnProperty("httpkit.port")
  static final class BesideServlet {}
}
