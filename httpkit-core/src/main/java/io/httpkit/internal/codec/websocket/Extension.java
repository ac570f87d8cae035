package io.httpkit.internal.codec.websocket;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One element of {@code Sec-WebSocket-Extensions}. RFC 6455 §9.1. */
record Extension(String name, List<Parameter> parameters) {
  /** A parameter; its value is null if it has none. */
  record Parameter(String name, @Nullable String value) {}
}
