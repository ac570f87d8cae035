package io.httpkit.client;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What requests must have in common to share a connection.
 *
 * @param tls names the way TLS is spoken, so that a connection that trusts everybody is never used
 *     by a request that does not; null for plaintext
 * @param address in place of that of the origin; null for its own
 */
record PoolKey(
    Origin origin, @Nullable Proxy proxy, @Nullable Object tls, @Nullable SocketAddress address) {}
