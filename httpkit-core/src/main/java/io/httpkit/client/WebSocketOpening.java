package io.httpkit.client;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.ChannelOptions;
import io.httpkit.channel.CloseStatus;
import io.httpkit.client.ClientException.Kind;
import io.httpkit.http.Headers;
import io.httpkit.internal.codec.http1.Http1Event.ResponseHead;
import io.httpkit.internal.codec.websocket.ClientHandshake;
import io.httpkit.internal.codec.websocket.WebSocketException;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.websocket.WebSocketChannel;
import org.jspecify.annotations.Nullable;

/** Makes a WebSocket of the connection whose server has agreed to that. Used once. */
final class WebSocketOpening implements Call.Upgrade {
  private final ClientEngine engine;
  private final ClientHandshake handshake;
  private final ChannelOptions options;
  private final ChannelListener listener;

  /** Set on the loop, and read when the call is complete. */
  private @Nullable WebSocketChannel channel;

  WebSocketOpening(
      ClientEngine engine,
      ClientHandshake handshake,
      ChannelOptions options,
      ChannelListener listener) {
    this.engine = engine;
    this.handshake = handshake;
    this.options = options;
    this.listener = listener;
  }

  @Override
  public void run(ClientExchange exchange, ResponseHead head) throws ClientException {
    Connection connection = exchange.protocol().connection();
    ClientChannelHost host = engine.channelHost(connection.io());
    WebSocketChannel made = opened(exchange, head.headers(), host);
    init(made);
    channel = made;
    made.open();
    host.onSwitched(connection, exchange.protocol().key().origin());
    exchange.protocol().switchTo(made.session());
    made.tellOpen(false);
  }

  private WebSocketChannel opened(ClientExchange exchange, Headers response, ClientChannelHost host)
      throws ClientException {
    try {
      handshake.check(response);
      return WebSocketChannel.client(
          host,
          host.keys(),
          options,
          exchange.protocol().connection(),
          listener,
          handshake.subprotocol(response),
          handshake.deflate(response));
    } catch (WebSocketException e) {
      throw new ClientException(
          Kind.PROTOCOL,
          exchange.hop().uri().absolute() + " does not open a WebSocket: " + e.getMessage(),
          e);
    }
  }

  private void init(WebSocketChannel made) throws ClientException {
    try {
      made.init();
    } catch (Exception e) {
      made.refuse(CloseStatus.of(CloseStatus.Kind.INTERNAL_SERVER_ERROR, ""));
      throw ClientException.of(Kind.CANCELLED, "the listener refused the WebSocket", e);
    }
  }

  /** Nobody wants it any more. */
  @Override
  public void undo() {
    if (channel != null) {
      boolean unused = channel.close();
    }
  }

  /**
   * What came of the handshake.
   *
   * @throws ClientException if the server has answered otherwise
   */
  AsyncChannel result(ClientResponse response) throws ClientException {
    if (channel == null) {
      throw new ClientException(
          Kind.PROTOCOL,
          response.url() + " does not open a WebSocket but answers " + response.status());
    }
    return channel;
  }
}
