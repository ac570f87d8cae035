package io.httpkit.spring.boot.web.method;

import io.httpkit.http.Headers;
import org.springframework.http.HttpHeaders;

/** Spring's headers in the core's terms. */
final class SpringHeaders {
  private SpringHeaders() {}

  static Headers of(HttpHeaders headers) {
    if (headers.isEmpty()) {
      return Headers.empty();
    }
    Headers.Builder all = Headers.builder();
    headers.forEach(all::add);
    return all.build();
  }
}
