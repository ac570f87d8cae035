/** The application with clients that people have: a browser, and a WebSocket library of Node.js. */
@NullMarked
package io.httpkit.sample.browser;

import org.jspecify.annotations.NullMarked;
