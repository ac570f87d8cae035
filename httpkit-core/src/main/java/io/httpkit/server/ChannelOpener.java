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
import org.jspecify.annotations.Nullable;

/**
 * Opens the channel of one exchange: answers the handshake of a WebSocket, RFC 6455 §4.2, or leaves
 * the answer to an {@link HttpChannel}.
 */
final class ChannelOpener {
  private static final CloseStatus REFUSED = CloseStatus.of(CloseStatus.Kind.SERVER_CLOSE, "");

  private final Http1Exchange exchange;
  private final ResponseWriter writer;

  ChannelOpener(Http1Exchange exchange, ResponseWriter writer) {
    this.exchange = exchange;
    this.writer = writer;
  }

  /**
   * Opens it.
   *
   * @param initial what the handler returned: its headers go with the first answer
   */
  void open(ChannelRequest request, Response initial) {
    ChannelOptions options = request.options().apply(exchange.context().channels());
    boolean isWebSocket =
        request.kind() == ChannelRequest.Kind.ANY && ServerHandshake.isAttempt(exchange.headers());
    if (isWebSocket) {
      openWebSocket(options, request.listener(), initial);
    } else {
      openHttp(options, request, initial);
    }
  }

  private void openHttp(ChannelOptions options, ChannelRequest request, Response initial) {
    HttpChannel channel = new HttpChannel(exchange, writer, options, request, initial);
    if (init(channel)) {
      boolean onWorker = writer.isOnWorker();
      writer.leaveWorker();
      channel.begin();
      channel.open();
      channel.watch();
      channel.tellOpen(onWorker);
    }
  }

  private void openWebSocket(ChannelOptions options, ChannelListener listener, Response initial) {
    Response refusal = refusal(options);
    if (refusal != null) {
      writer.write(refusal);
      return;
    }
    Headers asked = exchange.headers();
    String subprotocol = ServerHandshake.subprotocol(asked, options.subprotocols());
    DeflateAgreement deflate = deflate(options);
    WebSocketChannel channel =
        WebSocketChannel.server(
            exchange.loopContext().channels(),
            options,
            exchange.connection(),
            listener,
            subprotocol,
            deflate);
    if (init(channel)) {
      writer.switchProtocols(answer(initial, subprotocol, deflate));
      channel.open();
      exchange.upgrade(channel.session(), channel.session()::abandon);
      channel.tellOpen(writer.isOnWorker());
    }
  }

  /** Calls the listener before anything is sent; what it throws is answered. */
  private boolean init(BaseChannel channel) {
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

  private @Nullable Response refusal(ChannelOptions options) {
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

  private @Nullable DeflateAgreement deflate(ChannelOptions options) {
    return options.compression() == Compression.OFF
        ? null
        : DeflateAgreement.negotiate(
            exchange.headers(), options.compression() == Compression.CONTEXT_TAKEOVER);
  }

  private Headers answer(
      Response initial, @Nullable String subprotocol, @Nullable DeflateAgreement deflate) {
    Headers.Builder headers = initial.headers().toBuilder();
    headers.set("Upgrade", "websocket");
    headers.set("Sec-WebSocket-Accept", ServerHandshake.accept(exchange.headers()));
    if (subprotocol != null) {
      headers.set("Sec-WebSocket-Protocol", subprotocol);
    }
    if (deflate != null) {
      headers.set("Sec-WebSocket-Extensions", deflate.toHeader());
    }
    return headers.build();
  }
}
