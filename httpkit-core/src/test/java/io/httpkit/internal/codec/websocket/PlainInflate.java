package io.httpkit.internal.codec.websocket;

import java.util.Arrays;

/**
 * Inflates as RFC 1951 §3.2 reads, slowly, and keeps the greatest distance that was referred to.
 */
final class PlainInflate {
  private static final int[] LENGTH_BASE = {
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258
  };
  private static final int[] LENGTH_BITS = {
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0
  };
  private static final int[] DISTANCE_BASE = {
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
    3073, 4097, 6145, 8193, 12289, 16385, 24577
  };
  private static final int[] CODE_LENGTH_ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };
  private static final int END_OF_BLOCK = 256;
  private static final int MAX_CODE_BITS = 15;

  private final String in;
  private final StringBuilder out = new StringBuilder();
  private long bitPosition;
  private int maxDistance;

  private PlainInflate(String in) {
    this.in = in;
  }

  /** Inflates blocks up to the end of the input. */
  static PlainInflate of(String deflated) {
    PlainInflate inflate = new PlainInflate(deflated);
    while (inflate.bitPosition < 8L * deflated.length()) {
      inflate.block();
    }
    return inflate;
  }

  String text() {
    return out.toString();
  }

  int maxDistance() {
    return maxDistance;
  }

  private int bit() {
    int octet = in.charAt((int) (bitPosition >> 3));
    return octet >> (int) (bitPosition++ & 7) & 1;
  }

  private int bits(int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      value |= bit() << i;
    }
    return value;
  }

  private void block() {
    if (bit() == 1) {
      throw new AssertionError("final block");
    }
    switch (bits(2)) {
      case 0 -> stored();
      case 1 -> codes(new Huffman(fixedLengths(), 0, 288), new Huffman(fives(), 0, 30));
      case 2 -> dynamic();
      default -> throw new AssertionError("reserved block type");
    }
  }

  private void stored() {
    bitPosition = (bitPosition + 7) & ~7L;
    int length = bits(16);
    if (bits(16) != (~length & 0xffff)) {
      throw new AssertionError("lengths differ");
    }
    for (int i = 0; i < length; i++) {
      out.append((char) bits(8));
    }
  }

  private static int[] fixedLengths() {
    int[] lengths = new int[288];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    }
    return lengths;
  }

  private static int[] fives() {
    int[] lengths = new int[30];
    Arrays.fill(lengths, 5);
    return lengths;
  }

  private void dynamic() {
    int literals = bits(5) + 257;
    int distances = bits(5) + 1;
    int codeLengths = bits(4) + 4;
    int[] order = new int[19];
    for (int i = 0; i < codeLengths; i++) {
      order[CODE_LENGTH_ORDER[i]] = bits(3);
    }
    int[] lengths = lengths(new Huffman(order, 0, 19), literals + distances);
    codes(new Huffman(lengths, 0, literals), new Huffman(lengths, literals, literals + distances));
  }

  private int[] lengths(Huffman code, int count) {
    int[] lengths = new int[count];
    for (int i = 0; i < count; ) {
      int symbol = code.next();
      if (symbol < 16) {
        lengths[i++] = symbol;
        continue;
      }
      int value = symbol == 16 ? lengths[i - 1] : 0;
      int repeat = symbol == 16 ? 3 + bits(2) : symbol == 17 ? 3 + bits(3) : 11 + bits(7);
      for (int end = i + repeat; i < end; i++) {
        lengths[i] = value;
      }
    }
    return lengths;
  }

  private void codes(Huffman literals, Huffman distances) {
    for (int symbol = literals.next(); symbol != END_OF_BLOCK; symbol = literals.next()) {
      if (symbol < END_OF_BLOCK) {
        out.append((char) symbol);
      } else {
        int length = LENGTH_BASE[symbol - 257] + bits(LENGTH_BITS[symbol - 257]);
        copy(length, distances.next());
      }
    }
  }

  private void copy(int length, int symbol) {
    int distance = DISTANCE_BASE[symbol] + bits(symbol < 4 ? 0 : symbol / 2 - 1);
    maxDistance = Math.max(maxDistance, distance);
    for (int i = 0; i < length; i++) {
      out.append(out.charAt(out.length() - distance));
    }
  }

  /** Canonical codes, read bit by bit. */
  private final class Huffman {
    private final int[] counts = new int[MAX_CODE_BITS + 1];
    private final int[] symbols;

    Huffman(int[] lengths, int from, int to) {
      symbols = new int[to - from];
      int at = 0;
      for (int bits = 1; bits <= MAX_CODE_BITS; bits++) {
        for (int i = from; i < to; i++) {
          if (lengths[i] == bits) {
            counts[bits]++;
            symbols[at++] = i - from;
          }
        }
      }
    }

    int next() {
      int code = 0;
      int first = 0;
      int index = 0;
      for (int bits = 1; bits <= MAX_CODE_BITS; bits++) {
        code |= bit();
        if (code - first < counts[bits]) {
          return symbols[index + code - first];
        }
        index += counts[bits];
        first = (first + counts[bits]) << 1;
        code <<= 1;
      }
      throw new AssertionError("no such code");
    }
  }
}
