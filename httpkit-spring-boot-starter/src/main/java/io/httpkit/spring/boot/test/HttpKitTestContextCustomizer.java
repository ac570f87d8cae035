package io.httpkit.spring.boot.test;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.support.TestPropertySourceUtils;

/**
 * Gives the server of a test any free port, or keeps it from starting, unless the test sets the
 * property itself. A record, because contexts are cached by the customizers they were made with.
 *
 * @param webEnvironment not a defined port, to which nothing is done
 */
record HttpKitTestContextCustomizer(WebEnvironment webEnvironment) implements ContextCustomizer {
  private static final String PORT = "httpkit.port";
  private static final String AUTO_STARTUP = "httpkit.auto-startup";

  @Override
  public void customizeContext(
      ConfigurableApplicationContext context, MergedContextConfiguration mergedConfig) {
    if (webEnvironment != WebEnvironment.RANDOM_PORT) {
      set(context, AUTO_STARTUP, "false");
    } else if (hasServer(context)) {
      set(context, PORT, "0");
    }
  }

  /** Beside another server the port alone makes ours exist, so it must not come from here. */
  private static boolean hasServer(ConfigurableApplicationContext context) {
    return !(context instanceof WebServerApplicationContext)
        || context.getEnvironment().containsProperty(PORT);
  }

  private static void set(ConfigurableApplicationContext context, String property, String value) {
    if (!isSetByTest(context.getEnvironment(), property)) {
      TestPropertySourceUtils.addInlinedPropertiesToEnvironment(context, property + "=" + value);
    }
  }

  private static boolean isSetByTest(ConfigurableEnvironment environment, String property) {
    PropertySource<?> inlined =
        environment
            .getPropertySources()
            .get(TestPropertySourceUtils.INLINED_PROPERTIES_PROPERTY_SOURCE_NAME);
    ConfigurationPropertySource properties =
        inlined == null ? null : ConfigurationPropertySource.from(inlined);
    return properties != null
        && properties.getConfigurationProperty(ConfigurationPropertyName.of(property)) != null;
  }
}
