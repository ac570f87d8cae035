package io.httpkit.spring.boot.diagnostics;

import org.springframework.boot.diagnostics.FailureAnalysis;

/** A property has a value that is not allowed. The start ends with it, and its report. */
public final class InvalidHttpKitPropertyException extends RuntimeException
    implements ExplainedFailure {
  private static final long serialVersionUID = 1L;

  private final String property;
  private final String value;
  private final String reason;

  /**
   * Names the property.
   *
   * @param property the whole name, such as {@code httpkit.max-line}
   * @param value as it is shown, so not one that is secret
   * @param reason what is allowed
   */
  public InvalidHttpKitPropertyException(String property, Object value, String reason) {
    super(property + " is " + value + ", which is not allowed: " + reason);
    this.property = property;
    this.value = value.toString();
    this.reason = reason;
  }

  /** As {@link #InvalidHttpKitPropertyException(String, Object, String)}, with what was thrown. */
  public InvalidHttpKitPropertyException(
      String property, Object value, String reason, Throwable cause) {
    this(property, value, reason);
    initCause(cause);
  }

  /** Which property has a wrong value, where it was set and what is allowed. */
  @Override
  public FailureAnalysis explain(SetProperties properties) {
    return properties.notAllowed(property, value, reason, this);
  }
}
