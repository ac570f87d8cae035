/**
 * Observations of requests, of the server and of the client, with the names and keys that Spring
 * Boot's own web servers and clients have. Imports the core, {@code server} and {@code client}.
 */
@NullMarked
package io.httpkit.spring.boot.observation;

import org.jspecify.annotations.NullMarked;
