package io.httpkit.spring.boot.web.method;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.http.Status;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One message that was posted: taken, and answered, when the channel is open for the answer. */
final class Posted implements ChannelListener {
  private final ChannelMethods methods;
  private final Map<ChannelEvent, @Nullable Object[]> arguments;
  private final Messages messages;
  private final Problems problems;
  private final Request request;
  private final ChannelEvent event;
  private final boolean isNonBlocking;

  /**
   * @param arguments of the methods, from the request
   * @param event what the message is
   */
  Posted(
      ChannelMethods methods,
      Map<ChannelEvent, @Nullable Object[]> arguments,
      Messages messages,
      Problems problems,
      Request request,
      ChannelEvent event,
      boolean isNonBlocking) {
    this.methods = methods;
    this.arguments = arguments;
    this.messages = messages;
    this.problems = problems;
    this.request = request;
    this.event = event;
    this.isNonBlocking = isNonBlocking;
  }

  @Override
  public boolean isNonBlocking() {
    return isNonBlocking;
  }

  /** A method that sends nothing leaves the client with an empty answer. */
  @Override
  public void onOpen(AsyncChannel channel) {
    try {
      @Nullable Object result = methods.call(event, arguments, channel, message());
      Runnable nothing = () -> channel.send(Response.noContent(), true);
      messages.send(channel, Status.OK, result, nothing, error -> failed(channel, error));
    } catch (Exception | Error e) {
      failed(channel, e);
    }
  }

  private Object message() throws Exception {
    return event == ChannelEvent.TEXT
        ? messages.read(request.text(), methods.message())
        : request.bytes();
  }

  /**
   * What the method for errors returns is sent with the status of the error. If it sends nothing at
   * all, or there is no such method, the error is answered like that of any other handler.
   */
  private void failed(AsyncChannel channel, Throwable error) {
    if (!methods.has(ChannelEvent.ERROR)) {
      refuse(channel, error);
      return;
    }
    try {
      @Nullable Object result = methods.call(ChannelEvent.ERROR, arguments, channel, error);
      messages.send(
          channel,
          Problems.status(error),
          result,
          () -> refuseIfOpen(channel, error),
          thrown -> refuse(channel, thrown));
    } catch (Exception | Error e) {
      refuse(channel, e);
    }
  }

  /** Not if the method for errors has sent an answer itself. */
  private void refuseIfOpen(AsyncChannel channel, Throwable error) {
    if (channel.isOpen()) {
      refuse(channel, error);
    }
  }

  private void refuse(AsyncChannel channel, Throwable error) {
    channel.send(problems.answer(error, request), true);
  }
}
