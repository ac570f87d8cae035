package io.httpkit.spring.boot.web.method;

import io.httpkit.http.Headers;
import io.httpkit.server.Request;
import io.httpkit.spring.boot.server.AcceptHeader;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.server.NotAcceptableStatusException;

/** What handler methods want to know of a request, in Spring's terms. */
final class RequestValues {
  private RequestValues() {}

  /** The values of a parameter, those of the query before those of a form. */
  static List<String> parameters(Request request, String name) {
    List<String> query = request.query().all(name);
    List<String> form = request.form().all(name);
    if (form.isEmpty()) {
      return query;
    }
    List<String> all = new ArrayList<>(query);
    all.addAll(form);
    return all;
  }

  static Set<String> parameterNames(Request request) {
    Set<String> names = new LinkedHashSet<>(request.query().names());
    names.addAll(request.form().names());
    return names;
  }

  /** The type of the body; null when it is not given, malformed, or a range of types. */
  static @Nullable MediaType contentType(Request request) {
    String type = request.header("Content-Type").orElse("");
    try {
      MediaType parsed = type.isEmpty() ? null : MediaType.parseMediaType(type);
      return parsed != null && parsed.isConcrete() ? parsed : null;
    } catch (InvalidMediaTypeException e) {
      return null;
    }
  }

  /** The values of all parameters, by their names. */
  static MultiValueMap<String, String> allParameters(Request request) {
    MultiValueMap<String, String> all = new LinkedMultiValueMap<>();
    for (String name : parameterNames(request)) {
      all.put(name, List.copyOf(parameters(request, name)));
    }
    return all;
  }

  /** The values of all headers, by their names as they were sent. */
  static MultiValueMap<String, String> allHeaders(Request request) {
    MultiValueMap<String, String> all = new LinkedMultiValueMap<>();
    forEach(request.headers(), all::add);
    return all;
  }

  static HttpHeaders headers(Headers headers) {
    HttpHeaders all = new HttpHeaders();
    forEach(headers, all::add);
    return all;
  }

  private static void forEach(Headers headers, BiConsumer<String, String> taker) {
    for (int i = 0; i < headers.size(); i++) {
      taker.accept(headers.name(i), headers.value(i));
    }
  }

  /**
   * What the client accepts.
   *
   * @throws NotAcceptableStatusException if it does not say so as RFC 9110 §12.5.1 has it
   */
  static AcceptHeader accepted(Request request) {
    try {
      return AcceptHeader.of(request);
    } catch (InvalidMediaTypeException e) {
      throw new NotAcceptableStatusException("The header Accept is malformed");
    }
  }
}
