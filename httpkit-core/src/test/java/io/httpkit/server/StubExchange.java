package io.httpkit.server;

import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** An exchange behind which there is no connection: it makes requests, and cannot be answered. */
record StubExchange(Method method, String target, Headers headers) implements Exchange {
  /** A request with the default limits. */
  static Request request(Method method, String target, String... namesAndValues) {
    return request(ServerConfig.defaults(), method, target, namesAndValues);
  }

  /** A request with the limits of this configuration. */
  static Request request(
      ServerConfig config, Method method, String target, String... namesAndValues) {
    Headers headers = Headers.of(namesAndValues);
    return new Request(new StubExchange(method, target, headers), config.limits());
  }

  @Override
  public String protocol() {
    return "HTTP/1.1";
  }

  @Override
  public String scheme() {
    return "http";
  }

  @Override
  public @Nullable SSLSession tlsSession() {
    return null;
  }

  @Override
  public SocketAddress remoteAddress() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 50000);
  }

  @Override
  public long startNanos() {
    return 42;
  }

  @Override
  public long bodyLength() {
    return 0;
  }

  @Override
  public void begun(Request request) {}

  @Override
  public void readBody(long limit, RequestBody body) {
    body.end(Headers.empty());
  }

  @Override
  public boolean respond(Response response) {
    throw new UnsupportedOperationException("nobody waits for " + response);
  }
}
