/** HTTP vocabulary: immutable values without any I/O. Imports nothing of this library. */
@NullMarked
package io.httpkit.http;

import org.jspecify.annotations.NullMarked;
