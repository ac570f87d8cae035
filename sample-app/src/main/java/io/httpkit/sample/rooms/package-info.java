/** Rooms and what is said in them, behind {@code /rooms}, by annotated methods. */
@NullMarked
package io.httpkit.sample.rooms;

import org.jspecify.annotations.NullMarked;
