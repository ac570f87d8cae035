/**
 * The HTTP client as a bean, and the beans with which an application changes it. Imports the core
 * and {@code diagnostics}.
 */
@NullMarked
package io.httpkit.spring.boot.client;

import org.jspecify.annotations.NullMarked;
