package io.httpkit.spring.boot.diagnostics;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Says which property has a wrong value, where it was set and what is allowed. Asked before those
 * that know only what caused that.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class InvalidHttpKitPropertyFailureAnalyzer
    extends AbstractFailureAnalyzer<InvalidHttpKitPropertyException> {
  private final SetProperties properties;

  InvalidHttpKitPropertyFailureAnalyzer(Environment environment) {
    this.properties = new SetProperties(environment);
  }

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, InvalidHttpKitPropertyException cause) {
    return properties.notAllowed(cause.property(), cause.value(), cause.reason(), cause);
  }
}
