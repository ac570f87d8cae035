package io.httpkit.spring.boot.web.method;

import io.httpkit.spring.boot.web.InvalidArgumentsException;
import io.httpkit.spring.boot.web.InvalidArgumentsException.InvalidValue;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.springframework.core.MethodParameter;

/**
 * What Jakarta Validation finds to be wrong with the arguments of a call. Each is named by its path
 * within the argument, such as {@code items[1].name}; what has no properties on its path, by the
 * name of the parameter.
 */
final class Violations {
  private final MethodParameter[] parameters;

  /** Each once: a value may be checked in several ways. */
  private final Set<InvalidValue> errors = new LinkedHashSet<>();

  Violations(MethodParameter[] parameters) {
    this.parameters = parameters;
  }

  /**
   * Those of a value, or of all arguments.
   *
   * @param prefix where in the argument the value is; empty for all arguments
   */
  void addAll(String prefix, Set<? extends ConstraintViolation<?>> violations) {
    for (ConstraintViolation<?> violation : violations) {
      String field = field(prefix, violation.getPropertyPath());
      errors.add(new InvalidValue(field.isEmpty() ? null : field, violation.getMessage()));
    }
  }

  private String field(String prefix, Path path) {
    StringBuilder field = new StringBuilder(prefix);
    String parameter = "";
    boolean isOfParameter = true;
    for (Path.Node node : path) {
      if (node.isInIterable()) {
        field.append('[').append(key(node)).append(']');
      }
      ElementKind kind = node.getKind();
      if (kind == ElementKind.PARAMETER) {
        parameter = name(node.as(Path.ParameterNode.class).getParameterIndex());
      } else if (kind == ElementKind.PROPERTY) {
        field.append(field.isEmpty() ? "" : ".").append(node.getName());
      }
      isOfParameter &= kind != ElementKind.PROPERTY && kind != ElementKind.BEAN;
    }
    return isOfParameter ? parameter + field : field.toString();
  }

  private static Object key(Path.Node node) {
    if (node.getIndex() != null) {
      return node.getIndex();
    }
    return node.getKey() == null ? "" : node.getKey();
  }

  private String name(int index) {
    String name = parameters[index].getParameterName();
    return name == null ? "" : name;
  }

  /**
   * Ends here if there is anything wrong.
   *
   * @throws InvalidArgumentsException with all of it
   */
  void throwIfAny() {
    if (!errors.isEmpty()) {
      throw new InvalidArgumentsException(errors);
    }
  }
}
