/** The HTTP client and the values it works with. */
@NullMarked
package io.httpkit.client;

import org.jspecify.annotations.NullMarked;
