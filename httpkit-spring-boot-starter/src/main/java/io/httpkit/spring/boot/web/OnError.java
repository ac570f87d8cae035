package io.httpkit.spring.boot.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a {@link ChannelMapping} bean that is called when another of them has thrown, or a
 * message could not be read. It takes the {@code Throwable}. What it returns is sent, and the
 * channel stays open unless it closes it. Without such a method the channel is closed.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface OnError {}
