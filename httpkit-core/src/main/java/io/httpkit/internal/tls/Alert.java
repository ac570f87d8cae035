package io.httpkit.internal.tls;

import java.nio.ByteBuffer;

/** What is said to a peer that is refused, where it is not the engine that says it. RFC 8446 §6. */
enum Alert {
  /** A message, or a record, that is not due. */
  UNEXPECTED_MESSAGE(10),
  /** A record is longer than the protocol allows. */
  RECORD_OVERFLOW(22),
  /** There is nothing on which to agree. */
  HANDSHAKE_FAILURE(40),
  /** A message does not have the form that it should. */
  DECODE_ERROR(50),
  UNRECOGNIZED_NAME(112);

  private static final int RECORD_TYPE = 21;
  private static final int FATAL = 2;
  private static final int RECORD_BYTES = 7;

  private final byte description;

  Alert(int description) {
    this.description = (byte) description;
  }

  /** A fatal alert, as long as no keys are in use. */
  ByteBuffer record() {
    return ByteBuffer.wrap(new byte[] {RECORD_TYPE, 3, 3, 0, 2, FATAL, description});
  }

  /**
   * Says this in place of what an engine has made of it. Under keys that is the engine's alone.
   *
   * @param said the engine's record
   */
  ByteBuffer inPlaceOf(ByteBuffer said) {
    boolean isPlain =
        said.remaining() == RECORD_BYTES && said.get(said.position()) == (byte) RECORD_TYPE;
    return isPlain ? record() : said;
  }
}
