package io.httpkit.spring.boot.autoconfigure;

import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnNotWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;

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
  @Conditional(HasPort.class)
  static final class BesideServlet {}

  /** A port of its own is set. */
  static final class HasPort extends SpringBootCondition {
    @Override
    public ConditionOutcome getMatchOutcome(
        ConditionContext context, AnnotatedTypeMetadata metadata) {
      Integer port = EarlyProperties.port(context.getEnvironment(), "httpkit.port");
      return EarlyProperties.outcome(port != null, "Own port", "httpkit.port is " + port);
    }
  }
}
