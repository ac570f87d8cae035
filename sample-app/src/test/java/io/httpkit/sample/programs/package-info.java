/** Programs of the system, which tests start and end. */
@NullMarked
package io.httpkit.sample.programs;

import org.jspecify.annotations.NullMarked;
