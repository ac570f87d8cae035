package io.httpkit.client;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.ChannelOptions;
import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a WebSocket is to be like and opens it. Not safe for several threads at once.
 * Redirects are not followed. RFC 6455 §4.1.
 */
public final class WebSocketBuilder {
  private final HttpClient client;
  private final RequestBuilder request;
  private ChannelOptions options;
  private @Nullable String origin;

  WebSocketBuilder(HttpClient client, String url) {
    this.client = client;
    this.request = new RequestBuilder(client, Method.GET, url).followRedirects(false);
    this.options = client.config().channels();
  }

  /**
   * Changes the request that asks for it: its headers, its time-outs, TLS, or the proxy. What it
   * says of a body, of redirects and of keeping the connection is of no effect.
   */
  public WebSocketBuilder request(Consumer<RequestBuilder> change) {
    change.accept(request);
    return this;
  }

  /** Sets a header of the request that asks for it. */
  public WebSocketBuilder header(String name, String value) {
    request.header(name, value);
    return this;
  }

  /** Changes the options of the channel; its subprotocols are those that are offered. */
  public WebSocketBuilder options(UnaryOperator<ChannelOptions> change) {
    options = change.apply(options);
    return this;
  }

  /** Offers these subprotocols, the preferred first. */
  public WebSocketBuilder subprotocols(String... names) {
    return options(some -> some.withSubprotocols(names));
  }

  /** Says for the page of which origin this is, such as {@code https://example.com}. */
  public WebSocketBuilder origin(String value) {
    Headers.of("Origin", value);
    origin = value;
    return this;
  }

  /**
   * Opens it.
   *
   * @param listener told what happens to it; it may be told before the future completes
   * @return completes with the channel, or exceptionally with a {@link ClientException}
   */
  public CompletableFuture<AsyncChannel> open(ChannelListener listener) {
    ClientRequest built =
        request.followRedirects(false).keepAlive(true).compression(false).tunnelled().build();
    return client.openWebSocket(built, options, origin, listener);
  }
}
