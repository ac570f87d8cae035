/**
 * The handshake with a SOCKS5 proxy, RFC 1928 and 1929, from the side of the client. Pure: no
 * socket, thread, clock or executor. Imports {@code http}.
 */
@NullMarked
package io.httpkit.internal.codec.socks;

import org.jspecify.annotations.NullMarked;
