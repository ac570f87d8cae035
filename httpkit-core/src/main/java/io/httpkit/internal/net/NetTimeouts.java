package io.httpkit.internal.net;

/**
 * How long a connection may stand still.
 *
 * @param writeNanos without the peer taking a byte that waits for it
 * @param lingerNanos between the last byte written and the close, while the peer still sends
 */
public record NetTimeouts(long writeNanos, long lingerNanos) {}
