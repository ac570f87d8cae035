/**
 * A small application that is served by httpkit: a page, a text, uploads, slow answers, streams,
 * server-sent events, what other servers answer, and what all of that tells Prometheus.
 */
@NullMarked
package io.httpkit.sample;

import org.jspecify.annotations.NullMarked;
