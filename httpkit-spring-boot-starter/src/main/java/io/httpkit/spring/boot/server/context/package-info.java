/**
 * Ties a server to the life of an application context that is not a web context. Imports {@code
 * io.httpkit.spring.boot.server} and Spring Boot's {@code web.server.context}.
 */
@NullMarked
package io.httpkit.spring.boot.server.context;

import org.jspecify.annotations.NullMarked;
