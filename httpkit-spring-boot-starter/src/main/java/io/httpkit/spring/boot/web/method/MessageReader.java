package io.httpkit.spring.boot.web.method;

import io.httpkit.server.Request;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;

/** Reads the body of a request by Spring's message converters. */
final class MessageReader {
  private final List<Converter> converters;

  MessageReader(List<HttpMessageConverter<?>> converters) {
    this.converters = Converter.all(converters);
  }

  /** A body as converters see it. */
  private static final class Input implements HttpInputMessage {
    private final InputStream body;
    private final HttpHeaders headers = new HttpHeaders();

    /** No converter looks at more than the type and length of a body. */
    Input(InputStream body, @Nullable MediaType contentType, int length) {
      this.body = body;
      if (contentType != null) {
        headers.setContentType(contentType);
      }
      headers.setContentLength(length);
    }

    @Override
    public InputStream getBody() {
      return body;
    }

    @Override
    public HttpHeaders getHeaders() {
      return headers;
    }
  }

  /**
   * The body as this type.
   *
   * @throws UnsupportedMediaTypeStatusException if no converter reads it
   * @throws HttpMessageNotReadableException if it is not what it says it is
   */
  @Nullable Object read(Request request, ResolvableType type) throws IOException {
    Class<?> raw = type.resolve(Object.class);
    if (raw == byte[].class) {
      return request.bytes();
    }
    if (raw == String.class) {
      return request.text();
    }
    MediaType given = RequestValues.contentType(request);
    MediaType contentType = given == null ? MediaType.APPLICATION_OCTET_STREAM : given;
    for (Converter converter : converters) {
      if (converter.canRead(type, contentType)) {
        return converter.read(type, new Input(request.stream(), given, request.bodyLength()));
      }
    }
    throw new UnsupportedMediaTypeStatusException(given, supported(type, raw));
  }

  /**
   * JSON as this type.
   *
   * @throws HttpMessageNotReadableException if it is not JSON of this type
   * @throws IllegalStateException if no converter reads it
   */
  @Nullable Object json(String text, ResolvableType type) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    MediaType json = MediaType.APPLICATION_JSON;
    for (Converter converter : converters) {
      if (converter.canRead(type, json)) {
        InputStream body = new ByteArrayInputStream(bytes);
        return converter.read(type, new Input(body, json, bytes.length));
      }
    }
    throw new IllegalStateException("no message converter reads " + type + " from JSON");
  }

  private List<MediaType> supported(ResolvableType type, Class<?> raw) {
    Set<MediaType> types = new LinkedHashSet<>();
    for (Converter converter : converters) {
      for (MediaType mediaType : converter.mediaTypes(raw)) {
        if (mediaType.isConcrete() && converter.canRead(type, mediaType)) {
          types.add(mediaType);
        }
      }
    }
    return List.copyOf(types);
  }
}
