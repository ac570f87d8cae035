package io.httpkit.spring.boot.web.method;

import io.httpkit.http.Headers;
import io.httpkit.server.Request;
import io.httpkit.spring.boot.web.ArgumentResolver;
import io.httpkit.spring.boot.web.ArgumentSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;

/** Maps of all path variables, all parameters or all headers. */
final class WholeMaps implements ArgumentResolver {
  @Override
  public @Nullable ArgumentSource resolve(MethodParameter parameter) {
    Class<?> type = parameter.getParameterType();
    if (type == HttpHeaders.class) {
      return RequestValues::headers;
    }
    if (!type.isAssignableFrom(LinkedMultiValueMap.class) || !Map.class.isAssignableFrom(type)) {
      return null;
    }
    boolean isMulti = type != Map.class;
    if (parameter.hasParameterAnnotation(PathVariable.class) && !isMulti) {
      return Request::pathVariables;
    }
    if (parameter.hasParameterAnnotation(RequestParam.class)) {
      return request -> isMulti ? parameters(request) : parameters(request).toSingleValueMap();
    }
    if (parameter.hasParameterAnnotation(RequestHeader.class)) {
      return request -> isMulti ? headers(request) : headers(request).toSingleValueMap();
    }
    return null;
  }

  private static MultiValueMap<String, String> parameters(Request request) {
    MultiValueMap<String, String> all = new LinkedMultiValueMap<>();
    for (String name : RequestValues.parameterNames(request)) {
      all.put(name, List.copyOf(RequestValues.parameters(request, name)));
    }
    return all;
  }

  private static MultiValueMap<String, String> headers(Request request) {
    MultiValueMap<String, String> all = new LinkedMultiValueMap<>();
    Headers headers = request.headers();
    for (int i = 0; i < headers.size(); i++) {
      all.add(headers.name(i), headers.value(i));
    }
    return all;
  }
}
