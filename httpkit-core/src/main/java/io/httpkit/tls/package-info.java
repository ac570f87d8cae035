/**
 * Certificates, keys and whom to trust, out of the files they usually come in. Imports nothing of
 * this library.
 */
@NullMarked
package io.httpkit.tls;

import org.jspecify.annotations.NullMarked;
