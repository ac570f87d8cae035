package io.httpkit.benchmarks.peers;

import io.httpkit.benchmarks.Payload;
import io.httpkit.benchmarks.ServerOptions;
import io.httpkit.benchmarks.TlsKeys;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.nio.ByteBuffer;
import java.util.Deque;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.xnio.Options;
import org.xnio.Sequence;

/** Undertow: handlers on its I/O threads, or dispatched to its worker threads. */
public final class UndertowPeer {
  private static final String BINARY = "application/octet-stream";

  private final HttpHandler webSocketEcho = UndertowWebSockets.echo();
  private final HttpHandler webSocketRoom = UndertowWebSockets.room();

  private UndertowPeer() {}

  public static void main(String[] args) {
    ServerOptions options = ServerOptions.parse(args);
    UndertowPeer peer = new UndertowPeer();
    Undertow.Builder builder = Undertow.builder();
    SSLContext tls = options.tlsContext();
    if (tls == null) {
      builder.addHttpListener(options.port(), ServerOptions.HOST);
    } else {
      builder
          .addHttpsListener(options.port(), ServerOptions.HOST, tls)
          .setSocketOption(Options.SSL_ENABLED_PROTOCOLS, Sequence.of(TlsKeys.PROTOCOL))
          .setSocketOption(Options.SSL_ENABLED_CIPHER_SUITES, Sequence.of(TlsKeys.CIPHER));
    }
    builder
        .setIoThreads(options.ioThreads())
        .setWorkerThreads(options.workers())
        .setServerOption(UndertowOptions.ENABLE_HTTP2, false)
        .setSocketOption(Options.BACKLOG, ServerOptions.BACKLOG)
        .setHandler(
            options.mode() == ServerOptions.Mode.LOOP
                ? peer::answer
                : exchange -> exchange.dispatch((HttpHandler) peer::answer))
        .build()
        .start();
  }

  private void answer(HttpServerExchange exchange) throws Exception {
    switch (exchange.getRequestPath()) {
      case "/plaintext" -> send(exchange, "text/plain", Payload.hello());
      case "/json" -> send(exchange, "application/json", Payload.json());
      case "/echo" ->
          exchange.getRequestReceiver().receiveFullBytes((same, body) -> send(same, BINARY, body));
      case "/bytes" -> send(exchange, BINARY, Payload.bytes(length(exchange)));
      case "/ws" -> webSocketEcho.handleRequest(exchange);
      case "/room" -> webSocketRoom.handleRequest(exchange);
      default -> exchange.setStatusCode(404);
    }
  }

  private static @Nullable String length(HttpServerExchange exchange) {
    Deque<String> values = exchange.getQueryParameters().get("n");
    return values == null ? null : values.peekFirst();
  }

  private static void send(HttpServerExchange exchange, String type, byte[] body) {
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, type);
    exchange.getResponseSender().send(ByteBuffer.wrap(body));
  }
}
