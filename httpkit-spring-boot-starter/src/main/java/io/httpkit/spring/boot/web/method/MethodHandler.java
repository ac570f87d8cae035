package io.httpkit.spring.boot.web.method;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.CloseStatus;
import io.httpkit.server.Handler;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.web.ResultWriter;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * A handler method as a handler: gives it its arguments, calls it, and writes what it returned or
 * threw. A method that takes the channel answers over it, and what it returns is not looked at.
 */
final class MethodHandler implements Handler {
  private final Invocable invocable;
  private final ResultWriter writer;
  private final ErrorMethods errors;
  private final RouteConditions conditions;
  private final Kind kind;

  /** How a method answers, and where it runs. */
  enum Kind {
    /** With its result, on a worker. */
    RESULT,
    /** With its result, on the event loop. */
    RESULT_ON_LOOP,
    /** Over a channel, on a worker. */
    CHANNEL,
    /** Over a channel, on the event loop. */
    CHANNEL_ON_LOOP;

    boolean isChannel() {
      return this == CHANNEL || this == CHANNEL_ON_LOOP;
    }

    boolean isOnLoop() {
      return this == RESULT_ON_LOOP || this == CHANNEL_ON_LOOP;
    }
  }

  MethodHandler(
      Invocable invocable,
      ResultWriter writer,
      ErrorMethods errors,
      RouteConditions conditions,
      Kind kind) {
    this.invocable = invocable;
    this.writer = writer;
    this.errors = errors;
    this.conditions = conditions;
    this.kind = kind;
  }

  Method method() {
    return invocable.method();
  }

  RouteConditions conditions() {
    return conditions;
  }

  @Override
  public boolean isNonBlocking(Request request) {
    return kind.isOnLoop();
  }

  @Override
  public Response handle(Request request) {
    try {
      @Nullable Object[] arguments = invocable.arguments(request);
      return kind.isChannel()
          ? request.asChannel(opening(arguments, request))
          : new Answers(writer, request, errors).of(invocable.call(arguments));
    } catch (Exception | Error e) {
      return errors.answer(e, request);
    }
  }

  private ChannelListener opening(@Nullable Object[] arguments, Request request) {
    return new ChannelListener() {
      @Override
      public void onOpen(AsyncChannel channel) {
        overChannel(channel, arguments, request);
      }

      @Override
      public boolean isNonBlocking() {
        return kind.isOnLoop();
      }
    };
  }

  /** An error is answered if nothing was sent; else the channel is closed. */
  private void overChannel(AsyncChannel channel, @Nullable Object[] arguments, Request request) {
    try {
      invocable.provide(arguments, channel);
      invocable.call(arguments);
    } catch (Exception | Error e) {
      if (channel.isWebSocket()) {
        Response unused = errors.answer(e, request);
        channel.close(CloseStatus.Kind.INTERNAL_SERVER_ERROR.code(), "");
      } else {
        errors.give(e, request, answer -> channel.send(answer, true));
      }
    }
  }
}
