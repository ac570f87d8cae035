package io.httpkit.spring.boot.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;
import org.springframework.stereotype.Component;

/**
 * A bean that talks with clients over channels: its methods with {@link OnOpen}, {@link OnMessage},
 * {@link OnClose}, {@link OnError} and {@link OnPing} are told what happens. Those of one channel
 * are called in order and never two at once, on a worker; with {@link NonBlocking} at the class on
 * the event loop.
 *
 * <p>One bean serves all clients of its path. A GET that asks for a WebSocket opens one; one that
 * accepts {@code text/event-stream} opens a stream of server-sent events; any other is a long poll,
 * which the first thing that is sent answers. As only a WebSocket brings messages, the others POST
 * them to the same path: each is given to the {@link OnMessage} method over a channel of its own,
 * whose answer is the response, without {@link OnOpen} and {@link OnClose}.
 *
 * <p>Besides the channel and what the single methods say, the methods may take what handler methods
 * take: path variables, parameters, headers, the {@code Request}, a {@code ChannelGroup}. These
 * come from the request that opened the channel.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Component
public @interface ChannelMapping {
  /** The template of the path, as of a route; may hold <code>${...}</code>. */
  @AliasFor("path")
  String value() default "";

  /** The same as {@link #value}. */
  @AliasFor("value")
  String path() default "";

  /** The largest message that is taken, such as {@code 64KB}; empty for the server's default. */
  String maxMessage() default "";

  /** Subprotocols that are agreed on if the client offers them, the best first. */
  String[] subprotocols() default {};

  /**
   * Origins whose pages may open a WebSocket, or {@code *} for all; without any only those of the
   * server itself.
   */
  String[] allowedOrigins() default {};
}
