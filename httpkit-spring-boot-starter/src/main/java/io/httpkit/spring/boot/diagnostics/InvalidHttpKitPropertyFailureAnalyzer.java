package io.httpkit.spring.boot.diagnostics;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/**
 * Says which property has a wrong value, where it was set and what is allowed. Asked before those
 * that know only what caused that.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class InvalidHttpKitPropertyFailureAnalyzer
    extends AbstractFailureAnalyzer<InvalidHttpKitPropertyException> {
  private final Environment environment;

  InvalidHttpKitPropertyFailureAnalyzer(Environment environment) {
    this.environment = environment;
  }

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, InvalidHttpKitPropertyException cause) {
    String description =
        "The property %s has the value '%s'%s, which is not allowed:%n%n    %s"
            .formatted(cause.property(), cause.value(), origin(cause.property()), cause.reason());
    return new FailureAnalysis(description, "Change the value of " + cause.property() + ".", cause);
  }

  private String origin(String property) {
    ConfigurationProperty set = find(ConfigurationPropertyName.of(property));
    return set == null || set.getOrigin() == null ? "" : " (from " + set.getOrigin() + ")";
  }

  private @Nullable ConfigurationProperty find(ConfigurationPropertyName name) {
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
