package io.httpkit.spring.boot.web;

import io.httpkit.server.Request;
import io.httpkit.server.ServerEvents;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps the messages of what handlers have failed with. */
final class ReportedErrors implements ServerEvents {
  final List<String> errors = new CopyOnWriteArrayList<>();

  @Override
  public void onError(Request request, Throwable error) {
    errors.add(String.valueOf(error.getMessage()));
  }
}
