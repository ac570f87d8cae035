package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.server.ServerConfig;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * Where endpoints are served. Boot's own {@code ManagementPortType} does not know {@code
 * httpkit.port}.
 */
enum ManagementPort {
  /** Nowhere: {@code management.server.port} is negative. */
  DISABLED,
  /** With all else. */
  SAME,
  /** On a port of their own. */
  DIFFERENT;

  static final String PROPERTY = "management.server.port";

  /** As the properties say. */
  static ManagementPort of(Environment environment) {
    Integer port = EarlyProperties.port(environment, PROPERTY);
    if (port == null) {
      return SAME;
    }
    if (port < 0) {
      return DISABLED;
    }
    boolean shared = port != 0 && port.equals(mainPort(environment));
    return shared ? SAME : DIFFERENT;
  }

  /** Null on a Unix domain socket. */
  private static @Nullable Integer mainPort(Environment environment) {
    if (StringUtils.hasText(environment.getProperty("httpkit.unix-socket"))) {
      return null;
    }
    Integer port = EarlyProperties.port(environment, "httpkit.port");
    if (port == null) {
      port = EarlyProperties.port(environment, "server.port");
    }
    return port == null ? defaultPort() : port;
  }

  private static @Nullable Integer defaultPort() {
    return ServerConfig.defaults().address() instanceof InetSocketAddress address
        ? address.getPort()
        : null;
  }

  private ConditionOutcome outcome(ConditionContext context) {
    ManagementPort actual = of(context.getEnvironment());
    return EarlyProperties.outcome(actual == this, "Management port", "it is " + actual);
  }

  /** Endpoints are served with all else. */
  static final class OnSame extends SpringBootCondition {
    @Override
    public ConditionOutcome getMatchOutcome(
        ConditionContext context, AnnotatedTypeMetadata metadata) {
      return SAME.outcome(context);
    }
  }

  /** Endpoints have a port of their own. */
  static final class OnDifferent extends SpringBootCondition {
    @Override
    public ConditionOutcome getMatchOutcome(
        ConditionContext context, AnnotatedTypeMetadata metadata) {
      return DIFFERENT.outcome(context);
    }
  }
}
