package io.httpkit.benchmarks.websocket;

import java.io.IOException;

/**
 * Is told what comes over the WebSockets of a {@link Crowd}. What it throws ends that WebSocket.
 */
public interface ClientListener {
  /** The first byte of a frame that is all of a text message. */
  int TEXT = 0x81;

  /** The first byte of a frame that is all of a binary message. */
  int BINARY = 0x82;

  /** Is added to them if the message is compressed. */
  int COMPRESSED = 0x40;

  /**
   * A frame of data has come.
   *
   * @param first its first byte: opcode and flags
   * @param bytes hold its payload, until this returns
   */
  void onFrame(Client client, int first, byte[] bytes, int offset, int length) throws IOException;

  /** All that was there to read was read. */
  default void onReadEnd() throws IOException {}
}
