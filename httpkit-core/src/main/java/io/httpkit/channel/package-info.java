/**
 * The unified channel: one asynchronous way to long polling, streaming, server-sent events and
 * WebSocket, for server and client.
 */
@NullMarked
package io.httpkit.channel;

import org.jspecify.annotations.NullMarked;
