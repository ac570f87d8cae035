/**
 * The server as a web server of Spring Boot, and the beans with which an application changes it.
 * Imports the core and Spring Boot's {@code web.server}.
 */
@NullMarked
package io.httpkit.spring.boot.server;

import org.jspecify.annotations.NullMarked;
