package io.httpkit.spring.boot.web.method;

import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.MediaType;
import org.springframework.http.converter.GenericHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.SmartHttpMessageConverter;
import org.springframework.http.converter.StringHttpMessageConverter;
import org.springframework.web.server.NotAcceptableStatusException;

/**
 * Writes bodies by Spring's message converters, in the type that the client likes best of those it
 * accepts. RFC 9110 §12.5.1.
 */
final class MessageWriter {
  /** Clients choose what they accept: more different wishes are worked out anew each time. */
  private static final int REMEMBERED = 512;

  private final List<HttpMessageConverter<?>> converters;
  private final ConcurrentHashMap<Wish, Choice> choices = new ConcurrentHashMap<>();

  MessageWriter(List<HttpMessageConverter<?>> converters) {
    this.converters = converters;
  }

  /** What decides which converter writes. */
  private record Wish(String accept, Class<?> raw, List<MediaType> produces) {}

  /** Which converter writes what type. */
  private record Choice(HttpMessageConverter<?> converter, MediaType mediaType) {}

  /** Whether any converter writes values of this type at all. */
  boolean canWrite(ResolvableType type) {
    Class<?> raw = type.resolve(Object.class);
    return converters.stream().anyMatch(converter -> canWrite(converter, type, raw, null));
  }

  /**
   * A response with this value as its body.
   *
   * @param type what is known of the value's type
   * @param produces what the method says it produces; empty if it does not say
   * @throws NotAcceptableStatusException if the client accepts none of what there is
   */
  Response write(Object value, ResolvableType type, List<MediaType> produces, Request request)
      throws IOException {
    Choice choice = choice(value.getClass(), type, produces, request);
    return write(value, type, choice.converter(), choice.mediaType(), Headers.empty());
  }

  /** The same, in a type that is already decided. */
  Response writeAs(Object value, ResolvableType type, MediaType mediaType, Headers headers)
      throws IOException {
    Class<?> raw = value.getClass();
    for (HttpMessageConverter<?> converter : converters) {
      if (canWrite(converter, type, raw, mediaType)) {
        return write(value, type, converter, mediaType, headers);
      }
    }
    throw new NotAcceptableStatusException(List.copyOf(producible(raw, type)));
  }

  /**
   * The value as JSON; text too, which a converter of text would leave as it is.
   *
   * @throws NotAcceptableStatusException if no converter writes JSON
   */
  Response writeJson(Object value) throws IOException {
    Class<?> raw = value.getClass();
    ResolvableType type = ResolvableType.forClass(raw);
    MediaType json = MediaType.APPLICATION_JSON;
    for (HttpMessageConverter<?> converter : converters) {
      if (!(converter instanceof StringHttpMessageConverter)
          && canWrite(converter, type, raw, json)) {
        return write(value, type, converter, json, Headers.empty());
      }
    }
    throw new NotAcceptableStatusException(List.of(json));
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Response write(
      Object value,
      ResolvableType type,
      HttpMessageConverter converter,
      MediaType mediaType,
      Headers headers)
      throws IOException {
    MessageOutput output = new MessageOutput(headers);
    if (converter instanceof SmartHttpMessageConverter smart) {
      smart.write(value, type, mediaType, output, null);
    } else if (converter instanceof GenericHttpMessageConverter generic) {
      generic.write(value, type.getType(), mediaType, output);
    } else {
      converter.write(value, mediaType, output);
    }
    return Response.of(Status.OK, output.head(), output.body());
  }

  private Choice choice(
      Class<?> raw, ResolvableType type, List<MediaType> produces, Request request) {
    Wish wish = new Wish(request.header("Accept").orElse(""), raw, produces);
    Choice known = choices.get(wish);
    if (known != null) {
      return known;
    }
    Choice choice = choose(raw, type, produces, RequestValues.accepted(request));
    if (choices.size() < REMEMBERED) {
      choices.put(wish, choice);
    }
    return choice;
  }

  private Choice choose(
      Class<?> raw, ResolvableType type, List<MediaType> produces, List<MediaType> accepted) {
    Set<MediaType> possible =
        produces.isEmpty() ? producible(raw, type) : new LinkedHashSet<>(produces);
    for (MediaType mediaType : matches(possible, accepted)) {
      for (HttpMessageConverter<?> converter : converters) {
        if (canWrite(converter, type, raw, mediaType)) {
          return new Choice(converter, mediaType);
        }
      }
    }
    throw new NotAcceptableStatusException(List.copyOf(possible));
  }

  /**
   * Concrete types that are both possible and accepted, in the order in which the client wishes.
   */
  private static List<MediaType> matches(Set<MediaType> possible, List<MediaType> accepted) {
    List<MediaType> matches = new ArrayList<>();
    for (MediaType wished : accepted) {
      for (MediaType candidate : possible) {
        if (wished.isCompatibleWith(candidate)) {
          MediaType narrow = candidate.isConcrete() ? candidate : wished.removeQualityValue();
          matches.add(narrow.isConcrete() ? narrow : MediaType.APPLICATION_OCTET_STREAM);
        }
      }
    }
    return matches;
  }

  private Set<MediaType> producible(Class<?> raw, ResolvableType type) {
    Set<MediaType> types = new LinkedHashSet<>();
    for (HttpMessageConverter<?> converter : converters) {
      if (canWrite(converter, type, raw, null)) {
        types.addAll(converter.getSupportedMediaTypes(raw));
      }
    }
    return types;
  }

  private static boolean canWrite(
      HttpMessageConverter<?> converter,
      ResolvableType type,
      Class<?> raw,
      @Nullable MediaType mediaType) {
    if (converter instanceof SmartHttpMessageConverter<?> smart) {
      return smart.canWrite(type, raw, mediaType);
    }
    if (converter instanceof GenericHttpMessageConverter<?> generic) {
      return generic.canWrite(type.getType(), raw, mediaType);
    }
    return converter.canWrite(raw, mediaType);
  }
}
