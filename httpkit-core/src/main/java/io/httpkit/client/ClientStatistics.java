package io.httpkit.client;

/**
 * The connections of a client at one time.
 *
 * @param open all, those included that are being made
 * @param idle those that wait for a request
 * @param waiting requests that wait for a connection
 */
public record ClientStatistics(int open, int idle, int waiting) {}
