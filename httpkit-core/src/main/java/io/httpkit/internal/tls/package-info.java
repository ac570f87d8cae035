/**
 * TLS over the JDK's {@code SSLEngine}: a stage between a connection and its protocol, and the
 * protocol that is there until it is negotiated. Imports {@code internal.net} and {@code
 * internal.loop}; knows nothing of HTTP, and no key or certificate.
 */
@NullMarked
package io.httpkit.internal.tls;

import org.jspecify.annotations.NullMarked;
