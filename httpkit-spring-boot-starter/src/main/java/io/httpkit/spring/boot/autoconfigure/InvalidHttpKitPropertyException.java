package io.httpkit.spring.boot.autoconfigure;

/** A property has a value that the server does not allow. */
final class InvalidHttpKitPropertyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String property;
  private final String value;
  private final String reason;

  /**
   * Names the property.
   *
   * @param property the whole name, such as {@code httpkit.max-line}
   * @param reason what is allowed
   */
  InvalidHttpKitPropertyException(String property, Object value, String reason) {
    super(property + " is " + value + ", which is not allowed: " + reason);
    this.property = property;
    this.value = value.toString();
    this.reason = reason;
  }

  String property() {
    return property;
  }

  String value() {
    return value;
  }

  String reason() {
    return reason;
  }
}
