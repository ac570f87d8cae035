package io.httpkit.spring.boot.diagnostics;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/** What the application's configuration says, and where. */
public final class SetProperties {
  private final Environment environment;

  /** Of this environment. */
  public SetProperties(Environment environment) {
    this.environment = environment;
  }

  /** The value of a property as text; null if it is not set. */
  public @Nullable String value(String property) {
    ConfigurationProperty set = find(property);
    return set == null ? null : String.valueOf(set.getValue());
  }

  /**
   * What is reported of a property with a value that is not allowed.
   *
   * @param value as it is shown, so not one that is secret
   * @param allowed what would be
   */
  public FailureAnalysis notAllowed(
      String property, String value, String allowed, Throwable cause) {
    String description =
        "The property %s has the value '%s'%s, which is not allowed:%n%n    %s"
            .formatted(property, value, origin(property), allowed);
    return new FailureAnalysis(description, "Change the value of " + property + ".", cause);
  }

  private String origin(String property) {
    ConfigurationProperty set = find(property);
    return set == null || set.getOrigin() == null ? "" : " (from " + set.getOrigin() + ")";
  }

  private @Nullable ConfigurationProperty find(String property) {
    ConfigurationPropertyName name = ConfigurationPropertyName.of(property);
    if (environment instanceof ConfigurableEnvironment configurable) {
      for (ConfigurationPropertySource source :
          ConfigurationPropertySources.from(configurable.getPropertySources())) {
        ConfigurationProperty found = source.getConfigurationProperty(name);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }
}
