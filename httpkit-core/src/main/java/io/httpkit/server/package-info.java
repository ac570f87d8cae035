/**
 * The HTTP server: {@link io.httpkit.server.HttpServer} runs a {@link io.httpkit.server.Handler},
 * an ordinary function from {@link io.httpkit.server.Request} to {@link
 * io.httpkit.server.Response}.
 */
@NullMarked
package io.httpkit.server;

import org.jspecify.annotations.NullMarked;
