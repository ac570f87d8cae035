package io.httpkit.spring.boot.web.method;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelOptions;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/** Answers the requests of a channel bean: opens channels, and takes messages that are posted. */
final class ChannelHandler {
  private final ChannelMethods methods;
  private final Messages messages;
  private final Problems problems;
  private final UnaryOperator<ChannelOptions> options;
  private final boolean isNonBlocking;

  ChannelHandler(
      ChannelMethods methods,
      Messages messages,
      Problems problems,
      UnaryOperator<ChannelOptions> options,
      boolean isNonBlocking) {
    this.methods = methods;
    this.messages = messages;
    this.problems = problems;
    this.options = options;
    this.isNonBlocking = isNonBlocking;
  }

  /** Opens a WebSocket, a stream of events, or a long poll, whichever the client asks for. */
  Response open(Request request) {
    try {
      BeanChannel channel = new BeanChannel(methods.bind(request), messages, isNonBlocking);
      return !request.isWebSocket() && wantsEvents(request)
          ? request.asEventStream(options, channel)
          : request.asChannel(options, channel);
    } catch (Exception e) {
      return problems.answer(e, request);
    }
  }

  /** Whether it names them, as who accepts anything may not expect an endless answer. */
  private static boolean wantsEvents(Request request) {
    return RequestValues.accepted(request).types().stream()
        .anyMatch(MediaType.TEXT_EVENT_STREAM::equalsTypeAndSubtype);
  }

  /** Takes one message, from a client that has no WebSocket to send it over. */
  Response post(Request request) {
    try {
      ChannelMethods.Bound bound = methods.bind(request);
      ChannelEvent event = event(request);
      Object message =
          event == ChannelEvent.TEXT
              ? messages.read(request.text(), methods.message())
              : request.bytes();
      return request.asChannel(channel -> answer(channel, bound, event, message, request));
    } catch (Exception e) {
      return problems.answer(e, request);
    }
  }

  private ChannelEvent event(Request request) {
    boolean isBinary =
        request.header("Content-Type").orElse("").startsWith("application/octet-stream");
    if (methods.has(ChannelEvent.TEXT) && !(isBinary && methods.has(ChannelEvent.BINARY))) {
      return ChannelEvent.TEXT;
    }
    return ChannelEvent.BINARY;
  }

  /** A method that sends nothing leaves the client with an empty answer. */
  private void answer(
      AsyncChannel channel,
      ChannelMethods.Bound bound,
      ChannelEvent event,
      Object message,
      Request request) {
    try {
      @Nullable Object result = bound.call(event, channel, message);
      Runnable nothing = () -> channel.send(Response.noContent(), true);
      messages.send(channel, result, nothing, error -> fail(channel, error, request));
    } catch (Exception | Error e) {
      fail(channel, e, request);
    }
  }

  private void fail(AsyncChannel channel, Throwable error, Request request) {
    channel.send(problems.answer(error, request), true);
  }
}
