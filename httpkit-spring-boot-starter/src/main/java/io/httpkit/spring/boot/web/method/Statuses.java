package io.httpkit.spring.boot.web.method;

import io.httpkit.http.Status;
import org.springframework.http.HttpStatus;

/** Statuses in the core's terms. */
final class Statuses {
  private Statuses() {}

  static Status of(int code) {
    HttpStatus known = HttpStatus.resolve(code);
    return new Status(code, known == null ? "" : known.getReasonPhrase());
  }
}
