/** A chat, in which users of WebSockets and users of long polls see each other's messages. */
@NullMarked
package io.httpkit.sample.chat;

import org.jspecify.annotations.NullMarked;
