/** Benchmarks that reach what is package-private in the server. */
@NullMarked
package io.httpkit.server;

import org.jspecify.annotations.NullMarked;
