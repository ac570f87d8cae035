package io.httpkit.client;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The schemes of URLs that can be asked for. RFC 9110 §4.2, RFC 6455 §3. */
enum Scheme {
  HTTP(80),
  HTTPS(443),
  WS(80),
  WSS(443);

  private final int defaultPort;

  Scheme(int defaultPort) {
    this.defaultPort = defaultPort;
  }

  /** The scheme of this name in any case; null if it is another. */
  static @Nullable Scheme named(String name) {
    for (Scheme scheme : values()) {
      if (scheme.name().equalsIgnoreCase(name)) {
        return scheme;
      }
    }
    return null;
  }

  int defaultPort() {
    return defaultPort;
  }

  boolean isSecure() {
    return this == HTTPS || this == WSS;
  }

  boolean isWebSocket() {
    return this == WS || this == WSS;
  }

  /** The scheme by which a handshake reaches the server; itself if it is none of WebSocket. */
  Scheme ofHttp() {
    return isSecure() ? HTTPS : HTTP;
  }

  /** The scheme of WebSocket that is as secure. */
  Scheme ofWebSocket() {
    return isSecure() ? WSS : WS;
  }

  /** As it stands in a URL. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
