/**
 * The {@code httpkit.*} properties, and the beans that are made from them. Imports every other
 * package of the starter; none imports it.
 */
@NullMarked
package io.httpkit.spring.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
