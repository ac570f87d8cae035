package io.httpkit.internal.codec.socks;

import java.nio.ByteBuffer;

/** What a handshake makes of the bytes of the proxy. */
public sealed interface SocksEvent {
  /**
   * The proxy takes one of the ways that were offered.
   *
   * @param login whether it wants to be told user and password
   * @param toSend what it has to be sent now
   */
  record MethodChosen(boolean login, ByteBuffer toSend) implements SocksEvent {}

  /**
   * The proxy knows user and password.
   *
   * @param toSend what it has to be sent now
   */
  record Authenticated(ByteBuffer toSend) implements SocksEvent {}

  /** All bytes that follow are exchanged with the host that was asked for. */
  record Connected() implements SocksEvent {}

  /**
   * The proxy does not do it, and closes the connection.
   *
   * @param reason in words, to stand behind "the proxy refused: "
   */
  record Refused(String reason) implements SocksEvent {}
}
