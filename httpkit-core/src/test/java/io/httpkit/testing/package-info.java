/** What tests of several packages share. */
@NullMarked
package io.httpkit.testing;

import org.jspecify.annotations.NullMarked;
