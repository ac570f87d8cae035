package io.httpkit.spring.boot.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a {@link ChannelMapping} bean that is called with each message, in order. The one
 * parameter that is neither known by its type nor annotated is the message: {@code String} or
 * {@code byte[]} as it came, or any other type, read from a text message as JSON. What the method
 * returns is sent back: text and bytes as they are, other things as JSON, null not at all.
 *
 * <p>A bean has at most one of these methods for text and one for bytes. A message that none of
 * them takes closes the channel with 1003, one that is not the JSON expected with 1007, unless
 * there is an {@link OnError} method, which then decides.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface OnMessage {}
