/**
 * Readiness, timers and tasks: the only code that touches a selector. Knows nothing of bytes or
 * HTTP, imports nothing of this library.
 */
@NullMarked
package io.httpkit.internal.loop;

import org.jspecify.annotations.NullMarked;
