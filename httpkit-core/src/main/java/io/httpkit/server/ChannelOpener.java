package io.httpkit.server;

import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.ChannelOptions;
import io.httpkit.channel.ChannelOptions.Compression;
import io.httpkit.channel.CloseStatus;
import io.httpkit.http.BadMessageException;
import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.internal.channel.BaseChannel;
import io.httpkit.internal.codec.websocket.DeflateAgreement;
import io.httpkit.internal.codec.websocket.ServerHandshake;
import io.httpkit.internal.websocket.WebSocketChannel;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The wish of a handler to answer over a channel, and how one is opened: answers the handshake of a
 * WebSocket, RFC 6455 §4.2, or leaves the answer to an {@link HttpChannel}.
 */
final class ChannelOpener {
  private static final CloseStatus REFUSED = CloseStatus.of(CloseStatus.Kind.SERVER_CLOSE, "");

  private final boolean isEventStream;
  private final UnaryOperator<ChannelOptions> options;
  private final ChannelListener listener;

  /**
   * @param isEventStream whether to answer with a stream of events even if the client asks for a
   *     WebSocket
   * @param options changes those of the server
   * @param listener told what happens to the channel
   */
  ChannelOpener(
      boolean isEventStream, UnaryOperator<ChannelOptions> options, ChannelListener listener) {
    this.isEventStream = isEventStream;
    this.options = options;
    this.listener = listener;
  }

  /**
   * Opens it.
   *
   * @param initial what the handler returned: its headers go with the first answer
   */
  void open(Http1Exchange exchange, ResponseWriter writer, Response initial) {
    ChannelOptions changed = options.apply(exchange.context().channels());
    if (!isEventStream && ServerHandshake.isAttempt(exchange.headers())) {
      openWebSocket(exchange, writer, changed, initial);
    } else {
      openHttp(
          new HttpChannel(exchange, writer, changed, listener, isEventStream, initial), writer);
    }
  }

  private static void openHttp(HttpChannel channel, ResponseWriter writer) {
    if (init(channel, writer)) {
      boolean onWorker = writer.isOnWorker();
      writer.leaveWorker();
      channel.begin();
      channel.open();
      channel.watch();
      channel.tellOpen(onWorker);
    }
  }

  private void openWebSocket(
      Http1Exchange exchange, ResponseWriter writer, ChannelOptions changed, Response initial) {
    Response refusal = refusal(exchange, changed);
    if (refusal != null) {
      writer.write(refusal);
      return;
    }
    Headers asked = exchange.headers();
    String subprotocol = ServerHandshake.subprotocol(asked, changed.subprotocols());
    DeflateAgreement deflate = deflate(asked, changed.compression());
    WebSocketChannel channel =
        WebSocketChannel.server(
            exchange.loopContext(), changed, exchange.connection(), listener, subprotocol, deflate);
    if (init(channel, writer)) {
      writer.switchProtocols(answer(initial, asked, subprotocol, deflate));
      channel.open();
      exchange.upgrade(channel.session(), channel.session()::abandon);
      channel.tellOpen(writer.isOnWorker());
    }
  }

  /** Calls the listener before anything is sent; what it throws is answered. */
  private static boolean init(BaseChannel channel, ResponseWriter writer) {
    try {
      channel.init();
      return true;
    } catch (BadMessageException e) {
      channel.refuse(REFUSED);
      writer.write(ErrorResponses.of(e));
    } catch (Throwable t) {
      channel.refuse(REFUSED);
      writer.report(t);
      writer.write(ErrorResponses.INTERNAL);
    }
    return false;
  }

  private static @Nullable Response refusal(Http1Exchange exchange, ChannelOptions options) {
    try {
      ServerHandshake.check(exchange.method(), !exchange.isHttp10(), exchange.headers());
      if (exchange.bodyLength() != 0) {
        throw new BadMessageException(Status.BAD_REQUEST, "a handshake has no body");
      }
    } catch (BadMessageException e) {
      return closing(ErrorResponses.of(e)).withHeader("Sec-WebSocket-Version", "13");
    }
    if (!ServerHandshake.isOriginAllowed(exchange.headers(), options.allowedOrigins())) {
      return closing(ErrorResponses.of(Status.FORBIDDEN, "this origin may not open a WebSocket"));
    }
    return null;
  }

  private static Response closing(Response response) {
    return response.withHeader("Connection", "close");
  }

  private static @Nullable DeflateAgreement deflate(Headers asked, Compression compression) {
    return compression == Compression.OFF
        ? null
        : DeflateAgreement.negotiate(asked, compression == Compression.CONTEXT_TAKEOVER);
  }

  private static Headers answer(
      Response initial,
      Headers asked,
      @Nullable String subprotocol,
      @Nullable DeflateAgreement deflate) {
    Headers.Builder headers = initial.headers().toBuilder();
    headers.set("Upgrade", "websocket");
    headers.set("Sec-WebSocket-Accept", ServerHandshake.accept(asked));
    if (subprotocol != null) {
      headers.set("Sec-WebSocket-Protocol", subprotocol);
    }
    if (deflate != null) {
      headers.set("Sec-WebSocket-Extensions", deflate.toHeader());
    }
    return headers.build();
  }
}
