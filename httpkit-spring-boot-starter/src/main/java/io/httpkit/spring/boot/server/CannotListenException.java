package io.httpkit.spring.boot.server;

import java.io.IOException;
import java.net.SocketAddress;
import org.springframework.boot.web.server.WebServerException;

/** A server cannot listen on its address, for another reason than that others do. */
public final class CannotListenException extends WebServerException {
  private static final long serialVersionUID = 1L;

  private final SocketAddress address;

  CannotListenException(String place, SocketAddress address, IOException cause) {
    super("http-kit cannot listen on " + place, cause);
    this.address = address;
  }

  /** What it was to listen on. */
  public SocketAddress address() {
    return address;
  }
}
