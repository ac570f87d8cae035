/** What all channels have in common, whatever carries them. */
@NullMarked
package io.httpkit.internal.channel;

import org.jspecify.annotations.NullMarked;
