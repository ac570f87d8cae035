package io.httpkit.internal.tls;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The first message of a client, as far as a server has to know it before it chooses who it is. All
 * else is read by the engine. RFC 8446 §4.1.2, RFC 6066 §3.
 *
 * @param serverName for which host the client came, in lower case; null if it does not say
 */
record ClientHello(@Nullable String serverName) {
  /** The first byte of each record that belongs to a handshake. */
  static final byte HANDSHAKE = 22;

  /**
   * Not a limit of the protocol but this server's: the message has the form that it should, and its
   * records are as long as they may be. So neither decode_error nor record_overflow tells of it,
   * nor illegal_parameter, as no value contradicts another. It is handshake_failure: among the
   * options that the client gives in so many bytes, there is none on which to agree. RFC 8446 §6.2.
   */
  static final int MAX_BYTES = 16 * 1024;

  /** As {@link #MAX_BYTES}. */
  private static final int MAX_RECORDS = 16;

  private static final int MESSAGE_HEADER_BYTES = 4;
  private static final byte CLIENT_HELLO = 1;
  private static final int VERSION_AND_RANDOM_BYTES = 34;
  private static final int SERVER_NAME = 0;
  private static final int HOST_NAME = 0;

  /**
   * Reads the message without consuming it.
   *
   * @return null if it has not come completely
   * @throws RefusedException if it is not one, or too long
   */
  static @Nullable ClientHello parse(ByteBuffer wire) throws RefusedException {
    ByteBuffer message = message(wire.slice());
    if (message == null) {
      return null;
    }
    try {
      return new ClientHello(serverName(message));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new RefusedException(
          Alert.DECODE_ERROR, "the lengths within the ClientHello do not fit");
    }
  }

  /** What is in the records, from the message's header on; null if that is not all there. */
  private static @Nullable ByteBuffer message(ByteBuffer wire) throws RefusedException {
    ByteBuffer message = ByteBuffer.allocate(0);
    for (int i = 0; i < MAX_RECORDS; i++) {
      ByteBuffer fragment = fragment(wire);
      if (fragment == null) {
        return null;
      }
      message = i == 0 ? fragment : joined(message, fragment);
      if (message.remaining() >= MESSAGE_HEADER_BYTES) {
        int length = length(message);
        if (message.remaining() >= MESSAGE_HEADER_BYTES + length) {
          return message.slice(message.position() + MESSAGE_HEADER_BYTES, length);
        }
      }
    }
    throw new RefusedException(
        Alert.HANDSHAKE_FAILURE, "the ClientHello is in more than " + MAX_RECORDS + " records");
  }

  private static ByteBuffer joined(ByteBuffer one, ByteBuffer other) {
    return ByteBuffer.allocate(one.remaining() + other.remaining()).put(one).put(other).flip();
  }

  /** The content of the next record; null if it is not all there and may be. */
  private static @Nullable ByteBuffer fragment(ByteBuffer wire) throws RefusedException {
    if (wire.remaining() < RecordLength.HEADER_BYTES) {
      return null;
    }
    RecordLength.checkInHandshake(wire);
    byte type = wire.get();
    byte major = wire.get();
    byte minor = wire.get();
    int length = Short.toUnsignedInt(wire.getShort());
    if (type != HANDSHAKE || major != 3 || length == 0) {
      throw new RefusedException(
          major == 3 ? Alert.UNEXPECTED_MESSAGE : Alert.DECODE_ERROR,
          "not a record of a handshake: type "
              + type
              + ", version "
              + major
              + '.'
              + minor
              + ", length "
              + length);
    }
    if (wire.position() == RecordLength.HEADER_BYTES
        && Math.min(length, wire.remaining()) >= MESSAGE_HEADER_BYTES) {
      // said as soon as it is known, so that nobody waits for what is refused
      int unused = length(wire);
    }
    if (wire.remaining() < length) {
      return null;
    }
    ByteBuffer content = wire.slice(wire.position(), length);
    wire.position(wire.position() + length);
    return content;
  }

  private static int length(ByteBuffer message) throws RefusedException {
    int header = message.getInt(message.position());
    int length = header & 0xffffff;
    if (header >>> 24 != CLIENT_HELLO) {
      throw new RefusedException(
          Alert.UNEXPECTED_MESSAGE, "not a ClientHello but a message of type " + (header >>> 24));
    }
    if (length > MAX_BYTES) {
      throw new RefusedException(
          Alert.HANDSHAKE_FAILURE,
          "a ClientHello of " + length + " bytes; at most " + MAX_BYTES + " are taken");
    }
    return length;
  }

  private static @Nullable String serverName(ByteBuffer message) {
    skip(message, VERSION_AND_RANDOM_BYTES);
    skip(message, Byte.toUnsignedInt(message.get()));
    skip(message, Short.toUnsignedInt(message.getShort()));
    skip(message, Byte.toUnsignedInt(message.get()));
    if (!message.hasRemaining()) {
      return null;
    }
    ByteBuffer extensions = take(message, Short.toUnsignedInt(message.getShort()));
    while (extensions.hasRemaining()) {
      int type = extensions.getShort();
      ByteBuffer extension = take(extensions, Short.toUnsignedInt(extensions.getShort()));
      if (type == SERVER_NAME) {
        return hostName(take(extension, Short.toUnsignedInt(extension.getShort())));
      }
    }
    return null;
  }

  private static @Nullable String hostName(ByteBuffer names) {
    while (names.hasRemaining()) {
      int type = names.get();
      ByteBuffer name = take(names, Short.toUnsignedInt(names.getShort()));
      if (type == HOST_NAME) {
        return StandardCharsets.ISO_8859_1.decode(name).toString().toLowerCase(Locale.ROOT);
      }
    }
    return null;
  }

  private static void skip(ByteBuffer from, int count) {
    from.position(from.position() + count);
  }

  private static ByteBuffer take(ByteBuffer from, int count) {
    if (count > from.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer taken = from.slice(from.position(), count);
    skip(from, count);
    return taken;
  }
}
