package io.httpkit.client;

/**
 * The server that a URL leads to: what connections are pooled by and credentials are confined to.
 * {@code ws} and {@code wss} are {@code http} and {@code https} here, as a handshake is a request
 * to the same server. RFC 9110 §4.3.1, RFC 6454 §5.
 *
 * @param scheme HTTP or HTTPS
 * @param host in lower case and ASCII; an IPv6 address without brackets
 */
record Origin(Scheme scheme, String host, int port) {
  Origin {
    scheme = scheme.ofHttp();
  }

  boolean isSecure() {
    return scheme.isSecure();
  }

  /** The value of a {@code Host} field: without the port if it is the scheme's. */
  String hostHeader() {
    return port == scheme.defaultPort() ? bracketed() : authority();
  }

  /** Host and port, always both, as {@code CONNECT} asks for them. RFC 9110 §9.3.6. */
  String authority() {
    return bracketed() + ":" + port;
  }

  private String bracketed() {
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }

  @Override
  public String toString() {
    return scheme + "://" + hostHeader();
  }
}
