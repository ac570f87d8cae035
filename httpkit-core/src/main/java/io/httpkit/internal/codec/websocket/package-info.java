/**
 * WebSocket frames, messages, compression and opening handshake, RFC 6455 and 7692. Pure: no
 * socket, thread, clock or executor. Imports {@code http}.
 */
@NullMarked
package io.httpkit.internal.codec.websocket;

import org.jspecify.annotations.NullMarked;
