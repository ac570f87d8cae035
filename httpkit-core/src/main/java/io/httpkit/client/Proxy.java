package io.httpkit.client;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A proxy that requests go through: {@code Proxy.http("proxy.example", 3128)}. Immutable; each
 * method returns a changed copy.
 *
 * <p>Requests for {@code https}, and handshakes of WebSocket, go through a tunnel ({@code
 * CONNECT}), so that the proxy cannot read them. It is the proxy that looks up the names of the
 * targets. RFC 9110 §9.3.6, RFC 1928.
 *
 * <p>With a proxy that speaks HTTP over TLS, TLS is as {@link ClientTls} says, and so is that with
 * a target of {@code https}, which is spoken through the tunnel: TLS within TLS.
 */
public final class Proxy {
  /** How a proxy is spoken to. */
  public enum Kind {
    /** By HTTP over TCP. */
    HTTP(80),
    /** By HTTP over TLS. */
    HTTPS(443),
    /** By SOCKS version 5. */
    SOCKS5(1080);

    private final int defaultPort;

    Kind(int defaultPort) {
      this.defaultPort = defaultPort;
    }
  }

  /** The length of a user name or password is one byte. RFC 1929 §2. */
  private static final int SOCKS_MAX = 255;

  private static final int MAX_PORT = 65535;

  private final Kind kind;
  private final String host;
  private final int port;
  private final @Nullable Credentials credentials;

  /** Whether a request for plain {@code http} goes through a tunnel, or else is forwarded. */
  private final boolean tunnelsPlain;

  private final NoProxy noProxy;

  private Proxy(
      Kind kind,
      String host,
      int port,
      @Nullable Credentials credentials,
      boolean tunnelsPlain,
      NoProxy noProxy) {
    this.kind = kind;
    this.host = host;
    this.port = port;
    this.credentials = credentials;
    this.tunnelsPlain = tunnelsPlain;
    this.noProxy = noProxy;
  }

  /**
   * A proxy that speaks HTTP over TCP.
   *
   * @param host a name or an address, IPv6 with or without brackets
   * @throws IllegalArgumentException as each of these, if the host or the port is none
   */
  public static Proxy http(String host, int port) {
    return of(Kind.HTTP, host, port);
  }

  /** A proxy that speaks HTTP over TLS. */
  public static Proxy https(String host, int port) {
    return of(Kind.HTTPS, host, port);
  }

  /** A proxy that speaks SOCKS 5. */
  public static Proxy socks5(String host, int port) {
    return of(Kind.SOCKS5, host, port);
  }

  private static Proxy of(Kind kind, String host, int port) {
    if (port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException("port must be 1 to 65535 but was " + port);
    }
    boolean bareIpv6 = host.indexOf(':') >= 0 && !host.startsWith("[");
    String name = HostName.parse(bareIpv6 ? "[" + host + "]" : host);
    return new Proxy(kind, name, port, null, false, NoProxy.NOTHING);
  }

  /**
   * The proxy of a URL: {@code http}, {@code https}, {@code socks5} or {@code socks5h}, and {@code
   * http} if it has no scheme. Default ports are 80, 443 and 1080.
   *
   * @throws IllegalArgumentException if it is of another scheme or has a path; the message does not
   *     repeat the URL, which may hold a password
   */
  public static Proxy of(String url) {
    int schemeEnd = url.indexOf("://");
    Kind kind = kind(schemeEnd < 0 ? "http" : url.substring(0, schemeEnd));
    String rest = schemeEnd < 0 ? url : url.substring(schemeEnd + 3);
    String text = rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
    if (text.chars().anyMatch(c -> "/?#\\".indexOf(c) >= 0)) {
      throw new IllegalArgumentException("the URL of a proxy may have no path, query or fragment");
    }
    UriAuthority authority = UriAuthority.parse(text);
    Proxy proxy =
        new Proxy(
            kind,
            authority.host(),
            authority.portOr(kind.defaultPort),
            null,
            false,
            NoProxy.NOTHING);
    Credentials credentials = authority.credentials();
    return credentials == null
        ? proxy
        : proxy.withCredentials(credentials.user(), credentials.password());
  }

  private static Kind kind(String scheme) {
    return switch (scheme.toLowerCase(Locale.ROOT)) {
      case "http" -> Kind.HTTP;
      case "https" -> Kind.HTTPS;
      case "socks5", "socks5h" -> Kind.SOCKS5;
      default ->
          throw new IllegalArgumentException(
              "the URL of a proxy must begin with http://, https://, socks5:// or socks5h://");
    };
  }

  /**
   * Says who asks: by Basic authentication, or by RFC 1929 with SOCKS.
   *
   * @throws IllegalArgumentException if the user has a colon, either has a control character, or
   *     more than 255 characters are given for SOCKS
   */
  public Proxy withCredentials(String user, String password) {
    if (kind == Kind.SOCKS5 && (isTooLong(user) || isTooLong(password))) {
      throw new IllegalArgumentException(
          "a user name and a password for SOCKS may be of at most 255 bytes");
    }
    return new Proxy(kind, host, port, new Credentials(user, password), tunnelsPlain, noProxy);
  }

  private static boolean isTooLong(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length > SOCKS_MAX;
  }

  /**
   * Names targets that are reached directly, besides those already named. An entry is {@code *}, a
   * host (and all below it), an address, a network such as {@code 10.0.0.0/8}, each but the last
   * also with a port behind it. Hosts are compared as they stand in a URL; nothing is looked up.
   */
  public Proxy withNoProxy(String... entries) {
    NoProxy more = NoProxy.parse(String.join(",", entries));
    return new Proxy(kind, host, port, credentials, tunnelsPlain, noProxy.and(more));
  }

  /** Whether requests for plain {@code http} go through a tunnel too. */
  public Proxy withTunnel(boolean tunnel) {
    return new Proxy(kind, host, port, credentials, tunnel, noProxy);
  }

  public Kind kind() {
    return kind;
  }

  /** In lower case and ASCII; an IPv6 address without brackets. */
  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  /** Null if there are none. */
  @Nullable Credentials credentials() {
    return credentials;
  }

  /** Whether this target is reached through the proxy. */
  boolean isFor(Origin target) {
    return !noProxy.matches(target);
  }

  /** Whether it is reached through a tunnel; else the proxy is asked in absolute-form. */
  boolean tunnels(Scheme target) {
    return kind == Kind.SOCKS5 || tunnelsPlain || target.isSecure() || target.isWebSocket();
  }

  /** Two are equal when requests go through them in the same way, and for the same targets. */
  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Proxy other
        && kind == other.kind
        && host.equals(other.host)
        && port == other.port
        && Objects.equals(credentials, other.credentials)
        && tunnelsPlain == other.tunnelsPlain
        && noProxy.equals(other.noProxy);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, host, port, credentials, tunnelsPlain, noProxy);
  }

  /** For a log; shows neither user nor password. */
  @Override
  public String toString() {
    String user = credentials == null ? "" : "***@";
    String shown = host.indexOf(':') < 0 ? host : "[" + host + "]";
    String tunnel = tunnelsPlain ? " tunnel" : "";
    String except = noProxy.equals(NoProxy.NOTHING) ? "" : " except " + noProxy;
    return kind.name().toLowerCase(Locale.ROOT)
        + "://"
        + user
        + shown
        + ":"
        + port
        + tunnel
        + except;
  }
}
