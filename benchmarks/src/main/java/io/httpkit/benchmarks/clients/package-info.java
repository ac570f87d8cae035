/** This client and others, under the same load. */
@NullMarked
package io.httpkit.benchmarks.clients;

import org.jspecify.annotations.NullMarked;
