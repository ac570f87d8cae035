/** An event-driven HTTP server and client on {@code java.nio}, without any dependency. */
module io.httpkit.core {
  requires static transitive org.jspecify;

  exports io.httpkit.channel;
  exports io.httpkit.client;
  exports io.httpkit.http;
  exports io.httpkit.server;
  exports io.httpkit.timer;
  exports io.httpkit.tls;
}
