package io.httpkit.spring.boot.web.method;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.CloseStatus;
import io.httpkit.server.Handler;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.web.ResultWriter;
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
  private final boolean isChannel;
  private final boolean isOnLoop;

  /**
   * @param isOnLoop whether it runs on the event loop rather than on a worker
   */
  MethodHandler(
      Invocable invocable,
      ResultWriter writer,
      ErrorMethods errors,
      RouteConditions conditions,
      boolean isOnLoop) {
    this.invocable = invocable;
    this.writer = writer;
    this.errors = errors;
    this.conditions = conditions;
    this.isChannel = invocable.isProvided(AsyncChannel.class);
    this.isOnLoop = isOnLoop;
  }

  Invocable invocable() {
    return invocable;
  }

  RouteConditions conditions() {
    return conditions;
  }

  @Override
  public boolean isNonBlocking(Request request) {
    return isOnLoop;
  }

  @Override
  public Response handle(Request request) {
    try {
      @Nullable Object[] arguments = invocable.arguments(request);
      return isChannel
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
        return isOnLoop;
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
