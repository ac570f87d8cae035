package io.httpkit.spring.boot.web.method;

import io.httpkit.server.Request;
import io.httpkit.server.Response;

/** Answers what was thrown. Any thread. */
@FunctionalInterface
interface Failures {
  Response answer(Throwable thrown, Request request);
}
