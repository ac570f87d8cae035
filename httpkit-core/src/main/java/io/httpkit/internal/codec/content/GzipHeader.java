package io.httpkit.internal.codec.content;

import io.httpkit.http.BadMessageException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * Reads over what stands before the deflated bytes of a member. RFC 1952 §2.3. Nothing of it is of
 * use here, but all of it is checked.
 *
 * <pre>
 *   +---+---+---+---+---+---+---+---+---+---+
 *   |ID1|ID2|CM |FLG|     MTIME     |XFL|OS |
 *   +---+---+---+---+---+---+---+---+---+---+
 *   FEXTRA: +---+---+=====+  FNAME: +======+---+  FCOMMENT: +=========+---+  FHCRC: +---+---+
 *           | XLEN  |extra|         | name | 0 |            | comment | 0 |         | CRC16 |
 *           +---+---+=====+         +======+---+            +=========+---+         +---+---+
 * </pre>
 */
final class GzipHeader {
  private enum Part {
    FIXED,
    EXTRA_LENGTH,
    EXTRA,
    NAME,
    COMMENT,
    CHECKSUM,
    DONE
  }

  /** No name is so long; who sends more wants to keep the reader busy. */
  private static final int MAX_BYTES = 128 * 1024;

  private static final int ID1 = 0x1f;
  private static final int ID2 = 0x8b;
  private static final int METHOD_DEFLATE = 8;
  private static final int FIXED_BYTES = 10;
  private static final int NUMBER_BYTES = 2;

  private static final int HAS_CHECKSUM = 1 << 1;
  private static final int HAS_EXTRA = 1 << 2;
  private static final int HAS_NAME = 1 << 3;
  private static final int HAS_COMMENT = 1 << 4;
  private static final int RESERVED = 0xe0;

  private final String notGzip;
  private final CRC32 checksum = new CRC32();
  private Part part = Part.FIXED;
  private int flags;

  /** Bytes read of all parts. */
  private int bytes;

  /** Bytes read of this part. */
  private int at;

  /** What a part of two bytes says, the lower first; then the length of the next part. */
  private int number;

  /**
   * @param notGzip what to say if the first bytes are not those of a header
   */
  GzipHeader(String notGzip) {
    this.notGzip = notGzip;
  }

  boolean isUntouched() {
    return bytes == 0;
  }

  /**
   * Reads on; true when the header is complete.
   *
   * @throws BadMessageException if it is not one
   */
  boolean read(ByteBuffer in) {
    while (part != Part.DONE && in.hasRemaining()) {
      if (bytes++ == MAX_BYTES) {
        throw ContentDecoder.refused("gzip header of more than " + MAX_BYTES + " bytes");
      }
      accept(in.get() & 0xff);
    }
    return part == Part.DONE;
  }

  private void accept(int b) {
    if (part != Part.CHECKSUM) {
      checksum.update(b);
    }
    boolean complete =
        switch (part) {
          case FIXED -> fixed(b);
          case EXTRA_LENGTH, CHECKSUM -> number(b);
          case EXTRA -> at + 1 == number;
          case NAME, COMMENT -> b == 0;
          case DONE -> true;
        };
    at++;
    if (complete) {
      part = next();
      at = 0;
    }
  }

  private boolean fixed(int b) {
    boolean wrong =
        switch (at) {
          case 0 -> b != ID1;
          case 1 -> b != ID2;
          case 2 -> b != METHOD_DEFLATE;
          case 3 -> (b & RESERVED) != 0;
          default -> false;
        };
    if (wrong) {
      throw ContentDecoder.refused(notGzip);
    }
    if (at == 3) {
      flags = b;
    }
    return at + 1 == FIXED_BYTES;
  }

  private boolean number(int b) {
    number = at == 0 ? b : number | b << 8;
    return at + 1 == NUMBER_BYTES;
  }

  private Part next() {
    return switch (part) {
      case FIXED -> has(HAS_EXTRA) ? Part.EXTRA_LENGTH : afterExtra();
      case EXTRA_LENGTH -> number > 0 ? Part.EXTRA : afterExtra();
      case EXTRA -> afterExtra();
      case NAME -> afterName();
      case COMMENT -> afterComment();
      case CHECKSUM -> afterChecksum();
      case DONE -> Part.DONE;
    };
  }

  private boolean has(int flag) {
    return (flags & flag) != 0;
  }

  private Part afterExtra() {
    return has(HAS_NAME) ? Part.NAME : afterName();
  }

  private Part afterName() {
    return has(HAS_COMMENT) ? Part.COMMENT : afterComment();
  }

  private Part afterComment() {
    return has(HAS_CHECKSUM) ? Part.CHECKSUM : Part.DONE;
  }

  /** The lower half of the CRC32 of all bytes before it. */
  private Part afterChecksum() {
    if (number != (checksum.getValue() & 0xffff)) {
      throw ContentDecoder.refused("gzip header does not match its checksum");
    }
    return Part.DONE;
  }
}
