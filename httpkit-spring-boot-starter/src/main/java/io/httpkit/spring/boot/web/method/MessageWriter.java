package io.httpkit.spring.boot.web.method;

import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.server.AcceptHeader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.server.NotAcceptableStatusException;

/**
 * Writes bodies by Spring's message converters, in the type that the client likes best of those it
 * accepts. RFC 9110 §12.5.1.
 */
final class MessageWriter {
  /** Clients choose what they accept: more different wishes are worked out anew each time. */
  private static final int REMEMBERED = 512;

  private final List<Converter> converters;
  private final ConcurrentHashMap<Wish, Choice> choices = new ConcurrentHashMap<>();

  MessageWriter(List<HttpMessageConverter<?>> converters) {
    this.converters = Converter.all(converters);
  }

  /** What decides which converter writes. */
  private record Wish(String accept, Class<?> raw, ResolvableType type, List<MediaType> produces) {}

  /** Which converter writes what type. */
  private record Choice(Converter converter, MediaType mediaType) {}

  /** Whether any converter writes values of this type at all. */
  boolean canWrite(ResolvableType type) {
    Class<?> raw = type.resolve(Object.class);
    return find(type, raw, null) != null;
  }

  private @Nullable Converter find(
      ResolvableType type, Class<?> raw, @Nullable MediaType mediaType) {
    for (Converter converter : converters) {
      if (converter.canWrite(type, raw, mediaType)) {
        return converter;
      }
    }
    return null;
  }

  /**
   * A response with this value as its body.
   *
   * @param declared what is known of the value's type
   * @param produces what the method says it produces; empty if it does not say
   * @throws NotAcceptableStatusException if the client accepts none of what there is
   */
  Response write(Object value, ResolvableType declared, List<MediaType> produces, Request request)
      throws IOException {
    ResolvableType type = type(declared, value);
    Choice choice = choice(value.getClass(), type, produces, request);
    return choice.converter().write(value, type, choice.mediaType(), Headers.empty());
  }

  /** The same, in a type that is already decided. */
  Response writeAs(Object value, ResolvableType declared, MediaType mediaType, Headers headers)
      throws IOException {
    Class<?> raw = value.getClass();
    ResolvableType type = type(declared, value);
    Converter converter = find(type, raw, mediaType);
    if (converter == null) {
      throw new NotAcceptableStatusException(List.copyOf(producible(raw, type)));
    }
    return converter.write(value, type, mediaType, headers);
  }

  /**
   * The value as JSON; text too, which a converter of text would leave as it is.
   *
   * @throws NotAcceptableStatusException if no converter writes JSON
   */
  String json(Object value, ResolvableType declared) throws IOException {
    ResolvableType type = type(declared, value);
    MediaType json = MediaType.APPLICATION_JSON;
    for (Converter converter : converters) {
      if (!converter.isOfText() && converter.canWrite(type, value.getClass(), json)) {
        Response written = converter.write(value, type, json, Headers.empty());
        Body.Bytes bytes = (Body.Bytes) written.body();
        return new String(bytes.array(), bytes.offset(), bytes.length(), StandardCharsets.UTF_8);
      }
    }
    throw new NotAcceptableStatusException(List.of(json));
  }

  /** Of a type that says nothing, that of the value says more. */
  private static ResolvableType type(ResolvableType declared, Object value) {
    return declared.resolve(Object.class) == Object.class
        ? ResolvableType.forClass(value.getClass())
        : declared;
  }

  private Choice choice(
      Class<?> raw, ResolvableType type, List<MediaType> produces, Request request) {
    Wish wish = new Wish(request.header("Accept").orElse(""), raw, type, produces);
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

  /** Of the types that are both possible and accepted, the client's wishes come first. */
  private Choice choose(
      Class<?> raw, ResolvableType type, List<MediaType> produces, AcceptHeader accepted) {
    Set<MediaType> possible =
        produces.isEmpty() ? producible(raw, type) : new LinkedHashSet<>(produces);
    for (MediaType wished : accepted.types()) {
      for (MediaType candidate : possible) {
        if (accepted.matches(wished, candidate)) {
          MediaType mediaType = concrete(candidate, wished);
          Converter converter = find(type, raw, mediaType);
          if (converter != null) {
            return new Choice(converter, mediaType);
          }
        }
      }
    }
    throw new NotAcceptableStatusException(List.copyOf(possible));
  }

  private static MediaType concrete(MediaType candidate, MediaType wished) {
    MediaType narrow = candidate.isConcrete() ? candidate : wished.removeQualityValue();
    return narrow.isConcrete() ? narrow : MediaType.APPLICATION_OCTET_STREAM;
  }

  private Set<MediaType> producible(Class<?> raw, ResolvableType type) {
    Set<MediaType> types = new LinkedHashSet<>();
    for (Converter converter : converters) {
      if (converter.canWrite(type, raw, null)) {
        types.addAll(converter.mediaTypes(raw));
      }
    }
    return types;
  }
}
