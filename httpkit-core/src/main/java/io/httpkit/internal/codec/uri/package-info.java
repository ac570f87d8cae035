/** Percent-encoding, RFC 3986: text to text, pure. Imports {@code http}. */
@NullMarked
package io.httpkit.internal.codec.uri;

import org.jspecify.annotations.NullMarked;
