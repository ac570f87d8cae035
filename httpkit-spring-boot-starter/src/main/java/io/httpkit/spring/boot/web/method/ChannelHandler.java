package io.httpkit.spring.boot.web.method;

import io.httpkit.channel.ChannelOptions;
import io.httpkit.http.Method;
import io.httpkit.http.Status;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;

/** Answers the requests of a channel bean: opens channels, and takes messages that are posted. */
final class ChannelHandler {
  private static final String TEXT = "text/plain; charset=utf-8";

  /** A form is what some clients say when they are not told what it is. */
  private static final List<MediaType> TEXTS =
      List.of(
          MediaType.APPLICATION_JSON,
          MediaType.valueOf("application/*+json"),
          MediaType.valueOf("text/*"),
          MediaType.APPLICATION_FORM_URLENCODED);

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

  /**
   * Opens a WebSocket, a stream of events, or a long poll, whichever the client asks for. To a HEAD
   * there is nothing that could be waited for.
   */
  Response open(Request request) {
    try {
      Map<ChannelEvent, @Nullable Object[]> arguments = methods.arguments(request);
      if (request.method() == Method.HEAD) {
        return Response.text("");
      }
      if (request.isWebSocket()) {
        return request.asChannel(options, channel(arguments, null));
      }
      return wantsEvents(request)
          ? request.asEventStream(options, channel(arguments, null))
          : asText(request.asChannel(options, channel(arguments, Status.OK)));
    } catch (Exception e) {
      return problems.answer(e, request);
    }
  }

  private BeanChannel channel(
      Map<ChannelEvent, @Nullable Object[]> arguments, @Nullable Status answer) {
    return new BeanChannel(methods, arguments, messages, answer, isNonBlocking);
  }

  /** What is sent without a type is not to be a page: others may have written it. */
  private static Response asText(Response channel) {
    return channel.withType(TEXT);
  }

  /** Whether it names them, as who accepts anything may not expect an endless answer. */
  private static boolean wantsEvents(Request request) {
    return RequestValues.accepted(request).types().stream()
        .anyMatch(MediaType.TEXT_EVENT_STREAM::equalsTypeAndSubtype);
  }

  /** Takes one message, from a client that has no WebSocket to send it over. */
  Response post(Request request) {
    try {
      Map<ChannelEvent, @Nullable Object[]> arguments = methods.arguments(request);
      ChannelEvent event = event(request);
      return asText(
          request.asChannel(
              new Posted(methods, arguments, messages, problems, request, event, isNonBlocking)));
    } catch (Exception e) {
      return problems.answer(e, request);
    }
  }

  /** What the message is, by its type. One that does not say may be anything. */
  private ChannelEvent event(Request request) {
    MediaType type = RequestValues.contentType(request);
    boolean isText = type == null || TEXTS.stream().anyMatch(text -> text.includes(type));
    if (isText && methods.has(ChannelEvent.TEXT)) {
      return ChannelEvent.TEXT;
    }
    if (methods.has(ChannelEvent.BINARY)) {
      return ChannelEvent.BINARY;
    }
    throw new UnsupportedMediaTypeStatusException(type, TEXTS);
  }
}
