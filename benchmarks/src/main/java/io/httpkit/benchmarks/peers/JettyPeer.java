package io.httpkit.benchmarks.peers;

import io.httpkit.benchmarks.Payload;
import io.httpkit.benchmarks.ServerOptions;
import io.httpkit.benchmarks.TlsKeys;
import java.nio.ByteBuffer;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.jspecify.annotations.Nullable;

/** Jetty's core: a handler that says it never blocks runs where the request was read. */
public final class JettyPeer extends Handler.Abstract {
  private static final HttpField TEXT = type("text/plain");
  private static final HttpField JSON = type("application/json");
  private static final HttpField BINARY = type("application/octet-stream");
  private static final long IDLE_MILLIS = 300_000;

  private final ServerWebSocketContainer webSockets;

  private JettyPeer(Server server, InvocationType invocation) {
    super(invocation);
    webSockets = ServerWebSocketContainer.ensure(server);
    webSockets.setInvocationType(invocation);
    webSockets.setIdleTimeout(Duration.ofMillis(IDLE_MILLIS));
  }

  private static HttpField type(String value) {
    return new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, value);
  }

  public static void main(String[] args) throws Exception {
    ServerOptions options = ServerOptions.parse(args);
    Server server = new Server();
    HttpConnectionFactory http = new HttpConnectionFactory(new HttpConfiguration());
    ConnectionFactory[] factories = factories(options.tlsContext(), http);
    ServerConnector connector =
        options.io() > 0
            ? new ServerConnector(server, 1, options.io(), factories)
            : new ServerConnector(server, factories);
    connector.setHost(ServerOptions.HOST);
    connector.setPort(options.port());
    connector.setAcceptQueueSize(ServerOptions.BACKLOG);
    connector.setIdleTimeout(IDLE_MILLIS);
    server.addConnector(connector);
    server.setHandler(
        new JettyPeer(
            server,
            options.mode() == ServerOptions.Mode.LOOP
                ? InvocationType.NON_BLOCKING
                : InvocationType.BLOCKING));
    server.start();
  }

  private static ConnectionFactory[] factories(
      @Nullable SSLContext tls, HttpConnectionFactory http) {
    if (tls == null) {
      return new ConnectionFactory[] {http};
    }
    SslContextFactory.Server context = new SslContextFactory.Server();
    context.setSslContext(tls);
    context.setIncludeProtocols(TlsKeys.PROTOCOL);
    context.setIncludeCipherSuites(TlsKeys.CIPHER);
    return new ConnectionFactory[] {new SslConnectionFactory(context, http.getProtocol()), http};
  }

  @Override
  public boolean handle(Request request, Response response, Callback done) {
    switch (request.getHttpURI().getPath()) {
      case "/plaintext" -> send(response, done, TEXT, ByteBuffer.wrap(Payload.hello()));
      case "/json" -> send(response, done, JSON, ByteBuffer.wrap(Payload.json()));
      case "/echo" ->
          Content.Source.asByteBuffer(
              request, Promise.from(body -> send(response, done, BINARY, body), done::failed));
      case "/bytes" -> {
        String length = Request.extractQueryParameters(request).getValue("n");
        send(response, done, BINARY, ByteBuffer.wrap(Payload.bytes(length)));
      }
      case "/ws" -> {
        return webSockets.upgrade((q, p, c) -> new JettyWebSockets.Echo(), request, response, done);
      }
      case "/room" -> {
        return webSockets.upgrade((q, p, c) -> new JettyWebSockets.Room(), request, response, done);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void send(Response response, Callback done, HttpField type, ByteBuffer body) {
    response.getHeaders().put(type);
    response.write(true, body, done);
  }
}
