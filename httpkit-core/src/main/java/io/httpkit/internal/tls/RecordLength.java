package io.httpkit.internal.tls;

import java.nio.ByteBuffer;

/** How long the records of a peer may be. The limits of the JDK's engines are others. */
final class RecordLength {
  static final int HEADER_BYTES = 5;

  /** Of content that is not encrypted, RFC 8446 §5.1, RFC 5246 §6.2.1. */
  static final int MAX_PLAIN = 16 * 1024;

  /** Of encrypted content, RFC 8446 §5.2. */
  static final int MAX_TLS_1_3 = MAX_PLAIN + 256;

  /** Of encrypted content, RFC 5246 §6.2.3. */
  static final int MAX_TLS_1_2 = MAX_PLAIN + 2048;

  private static final int FIRST_TYPE = 20;
  private static final int APPLICATION_DATA = 23;

  private RecordLength() {}

  /** What the header says that begins here, and is all there. */
  static int of(ByteBuffer record) {
    return Short.toUnsignedInt(record.getShort(record.position() + 3));
  }

  /**
   * Refuses a record within a handshake that is too long. Only TLS 1.3 encrypts much there, and
   * then says that all is application data; of TLS 1.2 it is the last message alone, which is
   * short. What is no record is left to the engine, which says so.
   *
   * @param wire that may begin with a record
   */
  static void checkInHandshake(ByteBuffer wire) throws RefusedException {
    if (wire.remaining() >= HEADER_BYTES) {
      int type = wire.get(wire.position());
      if (type >= FIRST_TYPE && type <= APPLICATION_DATA) {
        check(of(wire), type == APPLICATION_DATA ? MAX_TLS_1_3 : MAX_PLAIN);
      }
    }
  }

  static void check(int length, int max) throws RefusedException {
    if (length > max) {
      throw new RefusedException(
          Alert.RECORD_OVERFLOW, "a record of " + length + " bytes; at most " + max + " may come");
    }
  }
}
