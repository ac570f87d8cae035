/** Several servers asked at once, and one answer that waits for none of them too long. */
@NullMarked
package io.httpkit.sample.upstreams;

import org.jspecify.annotations.NullMarked;
