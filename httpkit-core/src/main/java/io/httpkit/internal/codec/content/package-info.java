/**
 * Content codings of a body, RFC 9110 §8.4: what is compressed becomes bytes, within bounds. Pure:
 * no socket, thread, clock or executor. Imports {@code http}.
 */
@NullMarked
package io.httpkit.internal.codec.content;

import org.jspecify.annotations.NullMarked;
