package io.httpkit.spring.boot.web.method;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;

/** Makes the type of a parameter of a named value, as a rule of text. */
record TextConversion(ConversionService conversion, NamedValue named, TypeDescriptor target) {
  private static final TypeDescriptor TEXT = TypeDescriptor.valueOf(String.class);

  boolean isPossible() {
    return conversion.canConvert(TEXT, target);
  }

  /** The one value there is by itself, several as a list. */
  @Nullable Object apply(@Nullable Object found) {
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
    return BadRequests.mismatch(named.kind().toString(), named.name(), value, target.getType());
  }
}
