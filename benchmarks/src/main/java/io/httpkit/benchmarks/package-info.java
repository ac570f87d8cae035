/** The server under load, alone and beside others. */
@NullMarked
package io.httpkit.benchmarks;

import org.jspecify.annotations.NullMarked;
