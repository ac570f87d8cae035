/** Many WebSockets to one server, by one thread: what loads servers and checks what comes back. */
@NullMarked
package io.httpkit.benchmarks.websocket;

import org.jspecify.annotations.NullMarked;
