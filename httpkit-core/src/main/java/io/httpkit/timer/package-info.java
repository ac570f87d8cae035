/** Tasks that run once, at a later time, and work that may not take longer than it may. */
@NullMarked
package io.httpkit.timer;

import org.jspecify.annotations.NullMarked;
