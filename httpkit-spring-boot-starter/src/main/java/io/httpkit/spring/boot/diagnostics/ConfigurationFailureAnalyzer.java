package io.httpkit.spring.boot.diagnostics;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/**
 * Says what is wrong in the configuration of an application that cannot start: what a failure of
 * ours explains, or of a property of ours, whose text is no value of its type, what a value looks
 * like. Boot's own analyzer tells of converters and annotations. Asked before those that know only
 * what caused a failure.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<Throwable> {
  private static final ConfigurationPropertyName OWN = ConfigurationPropertyName.of("httpkit");

  private final SetProperties properties;

  ConfigurationFailureAnalyzer(Environment environment) {
    this.properties = new SetProperties(environment);
  }

  @Override
  protected @Nullable FailureAnalysis analyze(Throwable rootFailure, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ExplainedFailure explained) {
        return explained.explain(properties);
      }
    }
    BindException bind = findCause(failure, BindException.class);
    return bind == null ? null : wrongType(bind);
  }

  /** Of several exceptions within each other only one may know the property. */
  private @Nullable FailureAnalysis wrongType(BindException cause) {
    BindException bind = cause;
    while (bind != null && bind.getProperty() == null) {
      bind = findCause(bind.getCause(), BindException.class);
    }
    ConfigurationProperty property = bind == null ? null : bind.getProperty();
    ConversionFailedException failure = findCause(cause, ConversionFailedException.class);
    if (property == null || failure == null || !OWN.isAncestorOf(property.getName())) {
      return null;
    }
    String allowed = allowed(failure.getTargetType().getObjectType());
    return allowed == null
        ? null
        : properties.notAllowed(
            property.getName().toString(), String.valueOf(property.getValue()), allowed, cause);
  }

  private static @Nullable String allowed(Class<?> type) {
    Class<?> boxed = ClassUtils.resolvePrimitiveIfNecessary(type);
    if (boxed == Duration.class) {
      return "it must be a duration such as 30s, 500ms or PT1M";
    }
    if (boxed == DataSize.class) {
      return "it must be a size such as 512KB or 8MB";
    }
    if (boxed == Integer.class) {
      return "it must be a whole number of at most " + Integer.MAX_VALUE;
    }
    if (boxed == Boolean.class) {
      return "it must be true or false";
    }
    return boxed.isEnum() ? "it must be one of " + constants(boxed) : null;
  }

  /** As they are written in configurations. */
  private static String constants(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .collect(Collectors.joining(", "));
  }
}
