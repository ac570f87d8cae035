/**
 * Fits the server to the web environment of a {@code @SpringBootTest}. Used only where Spring's
 * test support is on the class path.
 */
@NullMarked
package io.httpkit.spring.boot.test;

import org.jspecify.annotations.NullMarked;
