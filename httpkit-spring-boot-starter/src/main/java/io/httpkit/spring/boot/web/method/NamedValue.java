package io.httpkit.spring.boot.web.method;

import io.httpkit.server.Request;
import io.httpkit.spring.boot.web.ArgumentSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;

/**
 * A value of the request that has a name, as the type of the parameter that gets it.
 *
 * @param kind where it is
 * @param required whether a request without it is refused
 * @param otherwise what stands for it where it is missing
 * @param target what it is converted to, as a rule from text
 */
record NamedValue(
    ValueKind kind,
    String name,
    boolean required,
    @Nullable String otherwise,
    TypeDescriptor target,
    ConversionService conversion)
    implements ArgumentSource {

  /** The value, or what stands for it; null without either. */
  @Override
  public @Nullable Object get(Request request) {
    Object found = kind.find(request, name);
    if (found == null && required) {
      throw BadRequests.missing(kind, name);
    }
    return converted(found == null ? otherwise : found);
  }

  /** The one value there is by itself, several as a list. */
  private @Nullable Object converted(@Nullable Object found) {
    Object value = found instanceof List<?> list && list.size() == 1 ? list.get(0) : found;
    if (value == null || (target.getType() == String.class && value instanceof String)) {
      return value;
    }
    try {
      Object converted = conversion.convert(value, TypeDescriptor.forObject(value), target);
      if (converted == null && target.isPrimitive()) {
        throw mismatch(value);
      }
      return converted;
    } catch (ConversionException e) {
      throw mismatch(value);
    }
  }

  private RuntimeException mismatch(Object value) {
    return BadRequests.mismatch(kind, name, value, target.getType());
  }
}
