/**
 * HTTP/1.1 bytes and events, RFC 9112. Pure: no socket, thread, clock or executor. Imports {@code
 * http}.
 */
@NullMarked
package io.httpkit.internal.codec.http1;

import org.jspecify.annotations.NullMarked;
