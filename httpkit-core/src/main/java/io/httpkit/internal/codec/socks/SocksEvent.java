package io.httpkit.internal.codec.socks;

import java.nio.ByteBuffer;

/** What a handshake makes of the bytes of the proxy. */
public sealed interface SocksEvent {
  /** The proxy goes on, and has to be sent this now. */
  record Send(ByteBuffer bytes) implements SocksEvent {}

  /** All bytes that follow are exchanged with the host that was asked for. */
  record Connected() implements SocksEvent {}

  /**
   * The proxy does not do it, and closes the connection.
   *
   * @param reason in words, to stand behind "the proxy refused: "
   */
  record Refused(String reason) implements SocksEvent {}
}
