/** A small application that is served by httpkit: a page, a text, uploads and slow answers. */
@NullMarked
package io.httpkit.sample;

import org.jspecify.annotations.NullMarked;
