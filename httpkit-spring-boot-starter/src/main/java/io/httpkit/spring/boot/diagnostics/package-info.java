/** Says in the words of the application's configuration why it cannot start. Imports nothing. */
@NullMarked
package io.httpkit.spring.boot.diagnostics;

import org.jspecify.annotations.NullMarked;
