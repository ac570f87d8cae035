/**
 * What applications write: annotations for handlers, and the interfaces with which they teach the
 * starter more kinds of arguments and results. Imports the core and Spring's annotations.
 */
@NullMarked
package io.httpkit.spring.boot.web;

import org.jspecify.annotations.NullMarked;
