package io.httpkit.client;

import io.httpkit.internal.codec.uri.Percent;
import io.httpkit.internal.codec.uri.PercentEncoder;
import org.jspecify.annotations.Nullable;

/**
 * What stands between {@code //} and the path of a URL. RFC 3986 §3.2.
 *
 * @param credentials null if there is no user
 * @param port {@link #NO_PORT} if none is said
 */
record UriAuthority(@Nullable Credentials credentials, String host, int port) {
  static final int NO_PORT = -1;
  private static final int MAX_PORT = 65535;

  /**
   * Reads {@code [ user [ ":" password ] "@" ] host [ ":" port ]}.
   *
   * @throws IllegalArgumentException if it is something else; the message shows no password
   */
  static UriAuthority parse(String text) {
    int at = text.indexOf('@');
    if (at != text.lastIndexOf('@')) {
      throw new IllegalArgumentException("'@' in a user name or a password is written %40");
    }
    String hostAndPort = text.substring(at + 1);
    int hostEnd = hostEnd(hostAndPort);
    return new UriAuthority(
        at <= 0 ? null : credentials(text.substring(0, at)),
        HostName.parse(hostAndPort.substring(0, hostEnd)),
        port(hostAndPort, hostEnd));
  }

  private static Credentials credentials(String userInfo) {
    String encoded = PercentEncoder.USER_INFO.encode(userInfo);
    int colon = encoded.indexOf(':');
    String user = colon < 0 ? encoded : encoded.substring(0, colon);
    String password = colon < 0 ? "" : encoded.substring(colon + 1);
    return new Credentials(Percent.decode(user), Percent.decode(password));
  }

  private static int hostEnd(String hostAndPort) {
    int colon = hostAndPort.lastIndexOf(':');
    return colon < 0 || colon < hostAndPort.lastIndexOf(']') ? hostAndPort.length() : colon;
  }

  /** What stands behind the colon, which may be nothing. */
  private static int port(String hostAndPort, int colon) {
    int port = 0;
    for (int i = colon + 1; i < hostAndPort.length(); i++) {
      char c = hostAndPort.charAt(i);
      int digit = c >= '0' && c <= '9' ? c - '0' : MAX_PORT + 1;
      port = Math.min(MAX_PORT + 1, 10 * port + digit);
    }
    if (colon + 1 >= hostAndPort.length()) {
      return NO_PORT;
    }
    if (port == 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("a port must be a number of 1 to 65535");
    }
    return port;
  }

  int portOr(int defaultPort) {
    return port == NO_PORT ? defaultPort : port;
  }
}
