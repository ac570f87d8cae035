/**
 * A small application that is served by httpkit: a page, a text, uploads, slow answers, streams,
 * server-sent events, and what other servers answer.
 */
@NullMarked
package io.httpkit.sample;

import org.jspecify.annotations.NullMarked;
