/** Other servers with the same routes, each run as its documentation says is fastest. */
@NullMarked
package io.httpkit.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
