package io.httpkit.spring.boot.web.method;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.util.ReflectionUtils;
import org.springframework.validation.DataBinder;

/**
 * A record of simple values, made of text by its constructor without looking at its class each
 * time. Only where all goes well: what does not is left to Spring's binder, which calls the
 * constructor again and has the words for what is wrong.
 */
final class FlatRecord {
  private static final TypeDescriptor TEXT = TypeDescriptor.valueOf(String.class);

  private final ConversionService conversion;

  /**
   * The types of its components by their names, in their order: those of the fields, which have all
   * annotations that say how text is read.
   */
  private final Map<String, TypeDescriptor> components;

  private final MethodHandle constructor;

  private FlatRecord(
      ConversionService conversion,
      Map<String, TypeDescriptor> components,
      MethodHandle constructor) {
    this.conversion = conversion;
    this.components = components;
    this.constructor = constructor;
  }

  /** The class as such a record; null if it is none. */
  static @Nullable FlatRecord of(Class<?> type, ConversionService conversion) {
    if (!type.isRecord()) {
      return null;
    }
    try {
      Map<String, TypeDescriptor> components = new LinkedHashMap<>();
      for (RecordComponent component : type.getRecordComponents()) {
        String name = component.getName();
        components.put(name, new TypeDescriptor(type.getDeclaredField(name)));
      }
      Constructor<?> constructor = BeanUtils.getResolvableConstructor(type);
      boolean isFlat =
          isCanonical(constructor, type)
              && components.values().stream().allMatch(each -> isSimple(each, conversion));
      return isFlat
          ? new FlatRecord(conversion, components, handle(constructor, components.size()))
          : null;
    } catch (ReflectiveOperationException | RuntimeException e) {
      // the binder says what is wrong with it, if anything is
      return null;
    }
  }

  private static boolean isCanonical(Constructor<?> constructor, Class<?> type) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    return Arrays.equals(constructor.getParameterTypes(), types);
  }

  private static boolean isSimple(TypeDescriptor type, ConversionService conversion) {
    return BeanUtils.isSimpleValueType(type.getType()) && conversion.canConvert(TEXT, type);
  }

  private static MethodHandle handle(Constructor<?> constructor, int count)
      throws IllegalAccessException {
    ReflectionUtils.makeAccessible(constructor);
    return MethodHandles.lookup()
        .unreflectConstructor(constructor)
        .asType(MethodType.genericMethodType(count))
        .asSpreader(Object[].class, count);
  }

  /**
   * The record; null if it is left to the binder, as all is that is neither missing nor text.
   *
   * @param values as the binder has them: null if one is missing, a String, or anything else
   */
  @Nullable Object make(DataBinder.ValueResolver values) {
    @Nullable Object[] arguments = new @Nullable Object[components.size()];
    int i = 0;
    for (Map.Entry<String, TypeDescriptor> component : components.entrySet()) {
      TypeDescriptor type = component.getValue();
      Object value = values.resolveValue(component.getKey(), type.getType());
      boolean isPlain = value == null ? !type.isPrimitive() : value instanceof String;
      if (!isPlain) {
        return null;
      }
      try {
        arguments[i++] = value == null ? null : conversion.convert(value, TEXT, type);
      } catch (ConversionException e) {
        return null;
      }
    }
    return construct(arguments);
  }

  private @Nullable Object construct(@Nullable Object[] arguments) {
    try {
      return (Object) constructor.invokeExact(arguments);
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      return null;
    }
  }
}
