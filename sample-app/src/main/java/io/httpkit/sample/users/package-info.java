/** Users in memory, behind {@code /users}. */
@NullMarked
package io.httpkit.sample.users;

import org.jspecify.annotations.NullMarked;
