package io.httpkit.internal.net;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * In what stages work, so that no connection needs buffers of its own for that. Made when first
 * asked for. In the heap, as ciphers work on arrays.
 */
public final class StageBuffers {
  /** The most of a record of TLS for which the JDK asks for room: more than peers may send. */
  public static final int MAX_RECORD_BYTES = 33 * 1024;

  /** A record for which the JDK asks for room, before it knows how small it will be. */
  private static final int RECORD_BYTES = 16_709;

  private static final int RECORDS_AT_ONCE = 8;

  /**
   * Of so many, another stage makes one record more. That is less than it may make at once, as it
   * may have something to say itself, and asks for room for two records once a peer has sent one
   * that is too long.
   */
  private static final int RECORDS_TO_BE_WRAPPED = 6;

  private final int inputBytes;

  private @Nullable ByteBuffer received;
  private @Nullable ByteBuffer unwrapped;
  private @Nullable ByteBuffer collected;
  private @Nullable ByteBuffer wrapped;

  /** For stages that get what is read from a socket. */
  public StageBuffers() {
    this(IoLoop.INPUT_BYTES);
  }

  /**
   * @param inputBytes what stages get at once, usually at most
   */
  StageBuffers(int inputBytes) {
    this.inputBytes = inputBytes;
  }

  /** For so many bytes of the wire; empty. */
  public ByteBuffer received(int bytes) {
    if (received == null) {
      received = ByteBuffer.allocate(inputBytes);
    }
    return emptyOrLarger(received, bytes);
  }

  /** For what becomes of so many bytes of the wire; empty. */
  public ByteBuffer unwrapped(int bytes) {
    if (unwrapped == null) {
      unwrapped = ByteBuffer.allocate(inputBytes + MAX_RECORD_BYTES);
    }
    return emptyOrLarger(unwrapped, bytes);
  }

  /** One read always fits; what came in during a handshake may be more than that, once. */
  private static ByteBuffer emptyOrLarger(ByteBuffer usual, int bytes) {
    return bytes <= usual.capacity() ? usual.clear() : ByteBuffer.allocate(bytes);
  }

  /** For what is to be wrapped but is not in one place, or not in memory; empty. */
  ByteBuffer collected() {
    if (collected == null) {
      collected = ByteBuffer.allocate(RECORDS_AT_ONCE * 16 * 1024);
    }
    return collected.clear();
  }

  /** For records on their way to the socket; empty. */
  public ByteBuffer wrapped() {
    if (wrapped == null) {
      wrapped = ByteBuffer.allocate(RECORDS_AT_ONCE * RECORD_BYTES);
    }
    return wrapped.clear();
  }

  /** For records that another stage makes its own of, which fit into {@link #wrapped}; empty. */
  ByteBuffer wrappedToBeWrapped() {
    return wrapped().limit(RECORDS_TO_BE_WRAPPED * RECORD_BYTES);
  }
}
