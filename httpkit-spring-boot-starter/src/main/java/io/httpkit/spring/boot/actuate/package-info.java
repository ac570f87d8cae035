/**
 * Spring Boot's Actuator over this server, in an application that has no web framework: endpoints
 * as routes, a second server for them, and an endpoint that tells about the server itself. Imports
 * the core, {@code io.httpkit.spring.boot.server} and Spring Boot's Actuator; nothing of it is
 * loaded without the Actuator.
 */
@NullMarked
package io.httpkit.spring.boot.actuate;

import org.jspecify.annotations.NullMarked;
