package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.spring.boot.diagnostics.InvalidHttpKitPropertyException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.web.server.Ssl;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;

/**
 * What goes with endpoints on the application's port: {@code local.management.port} is that port,
 * and what needs a port of its own is refused.
 */
final class SameManagementPort implements SmartInitializingSingleton {
  private static final String OTHER_PORT =
      "endpoints are served on the port of the application; this needs another one in "
          + ManagementPort.PROPERTY;

  private final ManagementServerProperties properties;
  private final ConfigurableEnvironment environment;

  SameManagementPort(ManagementServerProperties properties, ConfigurableEnvironment environment) {
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
    environment.getPropertySources().addLast(new Alias(environment));
  }

  /** Another name of a property that is not known yet. */
  private static final class Alias extends PropertySource<Object> {
    /** Not the source itself: what is bound would be looked for in it again, without end. */
    private final ConfigurableEnvironment environment;

    Alias(ConfigurableEnvironment environment) {
      super("httpkit management port");
      this.environment = environment;
    }

    @Override
    public @Nullable Object getProperty(String name) {
      return name.equals("local.management.port")
          ? environment.getProperty("local.server.port")
          : null;
    }
  }
}
