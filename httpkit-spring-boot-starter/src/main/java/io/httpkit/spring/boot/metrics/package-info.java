/** Meters of the server and of the client. Imports the core. */
@NullMarked
package io.httpkit.spring.boot.metrics;

import org.jspecify.annotations.NullMarked;
