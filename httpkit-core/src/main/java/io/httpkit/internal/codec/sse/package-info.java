/**
 * {@code text/event-stream}: bytes become events, WHATWG HTML §9.2. Pure: no socket, thread, clock
 * or executor. Imports {@code http} and {@code channel}.
 */
@NullMarked
package io.httpkit.internal.codec.sse;

import org.jspecify.annotations.NullMarked;
