package io.httpkit.internal.tls;

import javax.net.ssl.SSLException;

/** What a peer sent is refused before an engine sees it. */
final class RefusedException extends SSLException {
  private static final long serialVersionUID = 1L;

  private final Alert alert;

  /**
   * @param alert what the peer is told, if it can be
   */
  RefusedException(Alert alert, String message) {
    super(message);
    this.alert = alert;
  }

  Alert alert() {
    return alert;
  }
}
