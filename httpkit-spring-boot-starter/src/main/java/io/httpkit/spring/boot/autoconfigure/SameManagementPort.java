package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.spring.boot.diagnostics.InvalidHttpKitPropertyException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.actuate.endpoint.web.ExposableWebEndpoint;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.boot.web.server.Ssl;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.util.StringUtils;

/**
 * What goes with endpoints on the application's port: {@code local.management.port} is that port,
 * as this source of properties says, and what needs a port of its own is refused.
 */
final class SameManagementPort extends PropertySource<Object>
    implements SmartInitializingSingleton {
  private static final String OTHER_PORT =
      "endpoints are served on the port of the application; this needs another one in "
          + ManagementPort.PROPERTY;

  private static final String ROOT = "/";

  private final ManagementServerProperties properties;

  /** Not the source itself: what is bound would be looked for in it again, without end. */
  private final ConfigurableEnvironment environment;

  SameManagementPort(ManagementServerProperties properties, ConfigurableEnvironment environment) {
    super("httpkit management port");
    this.properties = properties;
    this.environment = environment;
  }

  @Override
  public void afterSingletonsInstantiated() {
    if (properties.getAddress() != null) {
      throw new InvalidHttpKitPropertyException(
          "management.server.address", properties.getAddress(), OTHER_PORT);
    }
    if (Ssl.isEnabled(properties.getSsl())) {
      throw new InvalidHttpKitPropertyException("management.server.ssl", "enabled", OTHER_PORT);
    }
    environment.getPropertySources().addLast(this);
  }

  /** The application's port is not known before its server has started. */
  @Override
  public @Nullable Object getProperty(String name) {
    return name.equals("local.management.port")
        ? environment.getProperty("local.server.port")
        : null;
  }

  /**
   * Refuses that an endpoint takes the root of the port that the application is on.
   *
   * @throws InvalidHttpKitPropertyException if there is one at the root
   */
  static void checkRoot(String basePath, Collection<ExposableWebEndpoint> endpoints) {
    if (StringUtils.hasText(basePath) && !basePath.equals(ROOT)) {
      return;
    }
    for (ExposableWebEndpoint endpoint : endpoints) {
      if (endpoint.getRootPath().equals(ROOT)
          || endpoint.getAdditionalPaths(WebServerNamespace.SERVER).contains(ROOT)) {
        throw new InvalidHttpKitPropertyException(
            "management.endpoints.web.base-path",
            ROOT,
            "the endpoint "
                + endpoint.getEndpointId()
                + " would take the root of the application's port; give the endpoints another path"
                + " or, with management.server.port, another port");
      }
    }
  }
}
