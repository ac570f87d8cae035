/** What may depend on what, and what is done at one place only. */
@NullMarked
package io.httpkit.architecture;

import org.jspecify.annotations.NullMarked;
