package io.httpkit.spring.boot.web.method;

import io.httpkit.server.Request;
import io.httpkit.spring.boot.web.ArgumentResolver;
import io.httpkit.spring.boot.web.ArgumentSource;
import io.httpkit.spring.boot.web.InvalidArgumentsException;
import io.httpkit.spring.boot.web.InvalidArgumentsException.InvalidValue;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanInstantiationException;
import org.springframework.beans.BeanUtils;
import org.springframework.beans.InvalidPropertyException;
import org.springframework.beans.MutablePropertyValues;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.convert.ConversionService;
import org.springframework.validation.DataBinder;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.ModelAttribute;

/**
 * Records and classes made of the parameters of query, form and path: those with {@code
 * ModelAttribute}, and those without an annotation. The names of the parameters are those of the
 * components; of nested ones {@code outer.inner}.
 */
final class BoundObjects implements ArgumentResolver {
  /** How many elements a list may be made to have by an index in a name. */
  private static final int MAX_ELEMENTS = 256;

  /** Packages of annotations that say how a value is read or checked. */
  private static final List<String> SAYING_NOTHING_OF_SOURCES =
      List.of(
          "org.springframework.format.",
          "org.springframework.lang.",
          "org.springframework.validation.");

  private static final String MISMATCH = "has no value of the right kind";

  private final ConversionService conversion;

  BoundObjects(ConversionService conversion) {
    this.conversion = conversion;
  }

  /** The values of a request as a binder looks for them. */
  private record Values(Request request) implements DataBinder.ValueResolver {
    @Override
    public @Nullable Object resolveValue(String name, Class<?> type) {
      return value(name);
    }

    /** Null, a String, or an array of several. */
    @Nullable Object value(String name) {
      List<String> values = RequestValues.parameters(request, name);
      if (values.isEmpty()) {
        return request.pathVariables().get(name);
      }
      return values.size() == 1 ? values.get(0) : values.toArray(new String[0]);
    }

    @Override
    public Set<String> getNames() {
      Set<String> names = new HashSet<>(RequestValues.parameterNames(request));
      names.addAll(request.pathVariables().keySet());
      return names;
    }
  }

  @Override
  public @Nullable ArgumentSource resolve(MethodParameter parameter) {
    Class<?> type = parameter.getParameterType();
    ModelAttribute declared = parameter.getParameterAnnotation(ModelAttribute.class);
    if (declared == null && (isOtherwiseSaid(parameter) || !canBeBound(type))) {
      return null;
    }
    if (declared != null && !declared.binding()) {
      throw new HandlerMethodException(
          parameter,
          "has the parameter "
              + parameter.getParameterName()
              + ", which is a @ModelAttribute that is not to be bound, and there is no model that it"
              + " could come from",
          "Make the object in the method, or let a bean of type ArgumentResolver give it.");
    }
    ResolvableType target = ResolvableType.forMethodParameter(parameter);
    String name = Objects.requireNonNullElse(parameter.getParameterName(), "value");
    FlatRecord flat = FlatRecord.of(type, conversion);
    return flat == null
        ? request -> bind(new Values(request), target, name)
        : request -> bind(flat, new Values(request), target, name);
  }

  private Object bind(FlatRecord flat, Values values, ResolvableType type, String name) {
    Object made = flat.make(values);
    return made != null ? made : bind(values, type, name);
  }

  /**
   * Whether an annotation of Spring says that the value comes from elsewhere, as from a session or
   * from who is logged in. It must not come from the client then, though nothing here knows it.
   */
  private static boolean isOtherwiseSaid(MethodParameter parameter) {
    for (Annotation annotation : parameter.getParameterAnnotations()) {
      String name = annotation.annotationType().getName();
      if (name.startsWith("org.springframework.")
          && SAYING_NOTHING_OF_SOURCES.stream().noneMatch(name::startsWith)) {
        return true;
      }
    }
    return false;
  }

  /** What the platform or a framework has made is not there to be filled by clients. */
  private static boolean canBeBound(Class<?> type) {
    return !type.isInterface()
        && !type.isArray()
        && !type.isEnum()
        && !Modifier.isAbstract(type.getModifiers())
        && !BeanUtils.isSimpleProperty(type)
        && !type.getName().startsWith("java.")
        && !type.getName().startsWith("jakarta.")
        && !type.getName().startsWith("org.springframework.")
        && hasConstructor(type);
  }

  private static boolean hasConstructor(Class<?> type) {
    Constructor<?>[] constructors = type.getDeclaredConstructors();
    return type.isRecord()
        || type.getConstructors().length == 1
        || (constructors.length == 1 && !Modifier.isPrivate(constructors[0].getModifiers()));
  }

  private Object bind(Values values, ResolvableType type, String name) {
    WebDataBinder binder = new WebDataBinder(null, name);
    binder.setTargetType(type);
    binder.setConversionService(conversion);
    binder.setAutoGrowCollectionLimit(MAX_ELEMENTS);
    fill(binder, values, type);
    if (binder.getBindingResult().hasErrors()) {
      throw new InvalidArgumentsException(
          binder.getBindingResult().getAllErrors().stream().map(BoundObjects::invalid).toList());
    }
    return Objects.requireNonNull(binder.getTarget());
  }

  /**
   * The binder throws, in place of noting an error, at names that it cannot follow, and at values
   * that the constructor does not take.
   */
  private static void fill(WebDataBinder binder, Values values, ResolvableType type) {
    try {
      binder.construct(values);
      if (!binder.getBindingResult().hasErrors() && !isRecord(type)) {
        binder.bind(properties(values));
      }
    } catch (InvalidPropertyException | NumberFormatException | IndexOutOfBoundsException e) {
      throw BadRequests.refusal("The name of a parameter is malformed.");
    } catch (BeanInstantiationException e) {
      if (!(e.getCause() instanceof IllegalArgumentException)) {
        throw e;
      }
      throw BadRequests.refusal("The values of the parameters do not go together.");
    }
  }

  /** An error as clients are told. That a value could not be converted is said without its type. */
  private static InvalidValue invalid(ObjectError error) {
    String message = Objects.requireNonNullElse(error.getDefaultMessage(), "is not valid");
    return error instanceof FieldError field
        ? new InvalidValue(field.getField(), field.isBindingFailure() ? MISMATCH : message)
        : new InvalidValue(null, message);
  }

  private static boolean isRecord(ResolvableType type) {
    return type.resolve(Object.class).isRecord();
  }

  private static MutablePropertyValues properties(Values values) {
    MutablePropertyValues properties = new MutablePropertyValues();
    for (String name : values.getNames()) {
      properties.add(name, values.value(name));
    }
    return properties;
  }
}
