package io.httpkit.internal.codec.websocket;

import java.util.Map;

/**
 * One element of {@code Sec-WebSocket-Extensions}. RFC 6455 §9.1.
 *
 * @param parameters in order, up to the first that is there twice; the value is empty if it has
 *     none
 * @param repeats whether a parameter is there twice
 */
record Extension(String name, Map<String, String> parameters, boolean repeats) {}
