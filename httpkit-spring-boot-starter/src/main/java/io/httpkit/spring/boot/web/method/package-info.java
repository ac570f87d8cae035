/**
 * How annotated methods become routes: found, mapped, given their arguments, called, and their
 * results and errors written. Imports {@code web}, {@code server}, {@code observation} and Spring's
 * web types.
 */
@NullMarked
package io.httpkit.spring.boot.web.method;

import org.jspecify.annotations.NullMarked;
