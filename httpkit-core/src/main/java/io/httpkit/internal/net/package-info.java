/**
 * A connection: its socket, the bytes not yet read by its protocol and those not yet written, and
 * how connections are accepted. Imports {@code internal.loop}; knows nothing of HTTP.
 */
@NullMarked
package io.httpkit.internal.net;

import org.jspecify.annotations.NullMarked;
