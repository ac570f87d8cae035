/**
 * Where application code runs, for server and client. Imports {@code http} and {@code
 * internal.loop}.
 */
@NullMarked
package io.httpkit.internal.worker;

import org.jspecify.annotations.NullMarked;
