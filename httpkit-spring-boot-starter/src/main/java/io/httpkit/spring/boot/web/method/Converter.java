package io.httpkit.spring.boot.web.method;

import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.server.Response;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.GenericHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.SmartHttpMessageConverter;
import org.springframework.http.converter.StringHttpMessageConverter;

/** One of Spring's message converters, given as much of a type as it takes. */
final class Converter {
  private final HttpMessageConverter<?> converter;

  private Converter(HttpMessageConverter<?> converter) {
    this.converter = converter;
  }

  static List<Converter> all(List<HttpMessageConverter<?>> converters) {
    return converters.stream().<Converter>map(Converter::new).toList();
  }

  /** Whether it leaves text as it is, whatever type is asked for. */
  boolean isOfText() {
    return converter instanceof StringHttpMessageConverter;
  }

  List<MediaType> mediaTypes(Class<?> raw) {
    return converter.getSupportedMediaTypes(raw);
  }

  boolean canRead(ResolvableType type, MediaType mediaType) {
    if (converter instanceof SmartHttpMessageConverter<?> smart) {
      return smart.canRead(type, mediaType);
    }
    if (converter instanceof GenericHttpMessageConverter<?> generic) {
      return generic.canRead(type.getType(), null, mediaType);
    }
    return converter.canRead(type.resolve(Object.class), mediaType);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  @Nullable Object read(ResolvableType type, HttpInputMessage input) throws IOException {
    if (converter instanceof SmartHttpMessageConverter smart) {
      return smart.read(type, input, null);
    }
    if (converter instanceof GenericHttpMessageConverter generic) {
      return generic.read(type.getType(), null, input);
    }
    return ((HttpMessageConverter) converter).read(type.resolve(Object.class), input);
  }

  /**
   * Whether it writes values of a class.
   *
   * @param type as which they are declared
   * @param mediaType null for any
   */
  boolean canWrite(ResolvableType type, Class<?> raw, @Nullable MediaType mediaType) {
    if (converter instanceof SmartHttpMessageConverter<?> smart) {
      return smart.canWrite(type, raw, mediaType);
    }
    if (converter instanceof GenericHttpMessageConverter<?> generic) {
      return generic.canWrite(type.getType(), raw, mediaType);
    }
    return converter.canWrite(raw, mediaType);
  }

  /** 200 with the value as its body. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  Response write(Object value, ResolvableType type, MediaType mediaType, Headers headers)
      throws IOException {
    MessageOutput output = new MessageOutput(headers);
    if (converter instanceof SmartHttpMessageConverter smart) {
      smart.write(value, type, mediaType, output, null);
    } else if (converter instanceof GenericHttpMessageConverter generic) {
      generic.write(value, type.getType(), mediaType, output);
    } else {
      ((HttpMessageConverter) converter).write(value, mediaType, output);
    }
    return Response.of(Status.OK, output.head(), output.body());
  }
}
