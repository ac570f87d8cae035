/**
 * A small application that is served by httpkit: a page, a text, uploads, slow answers, streams and
 * server-sent events.
 */
@NullMarked
package io.httpkit.sample;

import org.jspecify.annotations.NullMarked;
