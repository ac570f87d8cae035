package io.httpkit.internal.codec.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The bytes of an array, eight at a time, at any offset. */
final class Words {
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Words() {}

  /** Combines each byte with one of the four of the mask by exclusive or. RFC 6455 §5.3. */
  static void mask(byte[] bytes, int from, int to, int mask) {
    int bits = Integer.reverseBytes(mask);
    long word = (bits & 0xffffffffL) << 32 | (bits & 0xffffffffL);
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      LONG.set(bytes, at, (long) LONG.get(bytes, at) ^ word);
    }
    for (; at < to; at++) {
      bytes[at] ^= (byte) word;
      word >>>= Byte.SIZE;
    }
  }

  /** Where the first byte is that is not ASCII; {@code to} if there is none. */
  static int indexOfNonAscii(byte[] bytes, int from, int to) {
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      long high = (long) LONG.get(bytes, at) & HIGH_BITS;
      if (high != 0) {
        return at + (Long.numberOfTrailingZeros(high) >> 3);
      }
    }
    while (at < to && bytes[at] >= 0) {
      at++;
    }
    return at;
  }
}
