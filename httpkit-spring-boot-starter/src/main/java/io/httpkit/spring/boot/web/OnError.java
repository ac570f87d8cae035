package io.httpkit.spring.boot.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a {@link ChannelMapping} bean that is called when another of them has thrown, or a
 * message could not be read. It takes the {@code Throwable}. What it returns is sent, and the
 * channel stays open unless it closes it; who has POSTed the message gets it with the status of the
 * error. Without such a method, or when it sends nothing to a POST, the channel is closed, and a
 * POST is answered as by annotated handlers.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface OnError {}
