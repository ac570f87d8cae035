/** The WebSocket protocol, for server and client. RFC 6455. */
@NullMarked
package io.httpkit.internal.websocket;

import org.jspecify.annotations.NullMarked;
