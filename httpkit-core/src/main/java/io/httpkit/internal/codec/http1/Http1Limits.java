package io.httpkit.internal.codec.http1;

/**
 * How much a decoder takes of a head.
 *
 * @param maxLine bytes of the request line, and of a header line, each with its line end
 * @param maxHeaderBytes bytes of all header lines together, and again of all trailers
 * @param maxHeaders header lines, and again trailers
 * @param maxChunkExtensionBytes bytes of the extensions of all chunks of a body
 */
public record Http1Limits(
    int maxLine, int maxHeaderBytes, int maxHeaders, int maxChunkExtensionBytes) {}
