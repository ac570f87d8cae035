package io.httpkit.internal.codec.content;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The coding {@code gzip}: members, one after the other. RFC 1952 §2.2 and §2.3. Nothing of what
 * stands before the deflated bytes is of use here, but all of it is checked.
 *
 * <pre>
 *   +---+---+---+---+---+---+---+---+---+---+
 *   |ID1|ID2|CM |FLG|     MTIME     |XFL|OS |
 *   +---+---+---+---+---+---+---+---+---+---+
 *   FEXTRA: +---+---+=====+  FNAME: +======+---+  FCOMMENT: +=========+---+  FHCRC: +---+---+
 *           | XLEN  |extra|         | name | 0 |            | comment | 0 |         | CRC16 |
 *           +---+---+=====+         +======+---+            +=========+---+         +---+---+
 *   +=======+---+---+---+---+---+---+---+---+
 *   |deflate|     CRC32     |     ISIZE     |
 *   +=======+---+---+---+---+---+---+---+---+
 *
 *   FIXED ─▶ EXTRA_LENGTH ─▶ EXTRA ─▶ NAME ─▶ COMMENT ─▶ HEADER_CHECKSUM ─▶ BODY ─▶ TRAILER ─┐
 *     ▲      └──────────── each as the flags and lengths say ───────────┘                    │
 *     └──────────────────────────────────────────────────────────────────────────────────────┘
 * </pre>
 */
final class GzipDecoder extends ContentDecoder {
  /** The parts of a member, as they follow each other. */
  private enum Part {
    /** Of the first member, or of another one, if the body does not end here. */
    FIXED(0, 10),
    EXTRA_LENGTH(HAS_EXTRA, 2),
    EXTRA(HAS_EXTRA, 0),
    NAME(HAS_NAME, 0),
    COMMENT(HAS_COMMENT, 0),
    HEADER_CHECKSUM(HAS_CHECKSUM, 2),
    BODY(0, 0),
    TRAILER(0, 8);

    /** What says that the part is there; 0 if it always is. */
    final int flag;

    /** Its length; 0 if it is not the same for all members. */
    final int bytes;

    Part(int flag, int bytes) {
      this.flag = flag;
      this.bytes = bytes;
    }
  }

  private static final List<Part> PARTS = List.of(Part.values());

  /** No name is so long; who sends more wants to keep the reader busy. */
  private static final int MAX_HEADER_BYTES = 128 * 1024;

  private static final int ID1 = 0x1f;
  private static final int ID2 = 0x8b;
  private static final int METHOD_DEFLATE = 8;

  private static final int HAS_CHECKSUM = 1 << 1;
  private static final int HAS_EXTRA = 1 << 2;
  private static final int HAS_NAME = 1 << 3;
  private static final int HAS_COMMENT = 1 << 4;
  private static final int RESERVED = 0xe0;

  private final Inflation body;

  /** Of the header, then of the body. */
  private final CRC32 checksum = new CRC32();

  /** Those that the member may still have behind this one. */
  private Iterator<Part> nextParts = PARTS.iterator();

  private Part part = nextParts.next();

  /** What to say if the first bytes are not those of a header. */
  private String notGzip = "not gzip";

  private int flags;
  private int headerBytes;

  /** Bytes read of this part. */
  private int at;

  /** What a part of some bytes says, the first byte lowest; then the length of the next part. */
  private long number;

  /** Bytes of the member when it is inflated. */
  private long memberBytes;

  GzipDecoder(ContentLimits limits) {
    body = new Inflation(true, limits);
  }

  @Override
  @Nullable ByteBuffer next(ByteBuffer in) {
    while (in.hasRemaining() || part == Part.BODY) {
      if (part == Part.BODY) {
        ByteBuffer piece = readBody(in);
        if (piece != null || part == Part.BODY) {
          return piece;
        }
      } else {
        read(in.get() & 0xff);
      }
    }
    return null;
  }

  private @Nullable ByteBuffer readBody(ByteBuffer in) {
    ByteBuffer piece = body.next(in);
    if (piece != null) {
      checksum.update(piece.duplicate());
      memberBytes += piece.remaining();
    } else if (body.isFinished()) {
      beginNext();
    }
    return piece;
  }

  /** Reads a byte of the header or of the trailer. */
  private void read(int b) {
    if (part != Part.TRAILER) {
      checkHeader(b);
    }
    if (endsPart(b)) {
      checkPart();
      beginNext();
    }
  }

  private void checkHeader(int b) {
    if (headerBytes++ == MAX_HEADER_BYTES) {
      throw refused("gzip header of more than " + MAX_HEADER_BYTES + " bytes");
    }
    if (part == Part.FIXED) {
      checkFixed(b);
    }
    if (part != Part.HEADER_CHECKSUM) {
      checksum.update(b);
    }
  }

  private void checkFixed(int b) {
    boolean wrong =
        switch (at) {
          case 0 -> b != ID1;
          case 1 -> b != ID2;
          case 2 -> b != METHOD_DEFLATE;
          case 3 -> (b & RESERVED) != 0;
          default -> false;
        };
    if (wrong) {
      throw refused(notGzip);
    }
    if (at == 3) {
      flags = b;
    }
  }

  private boolean endsPart(int b) {
    at++;
    if (part == Part.NAME || part == Part.COMMENT) {
      return b == 0;
    }
    if (part == Part.EXTRA) {
      return at == number;
    }
    if (part != Part.FIXED) {
      number = at == 1 ? b : number | (long) b << (Byte.SIZE * (at - 1));
    }
    return at == part.bytes;
  }

  private void checkPart() {
    if (part == Part.HEADER_CHECKSUM && number != (checksum.getValue() & 0xffff)) {
      throw refused("gzip header does not match its checksum");
    }
    boolean wrong =
        part == Part.TRAILER
            && ((number & 0xffff_ffffL) != checksum.getValue()
                || number >>> 32 != (memberBytes & 0xffff_ffffL));
    if (wrong) {
      throw refused("compressed body does not match its checksum");
    }
  }

  private void beginNext() {
    at = 0;
    if (part == Part.TRAILER) {
      beginMember();
    } else {
      do {
        part = nextParts.next();
      } while ((part.flag & ~flags) != 0 || (part == Part.EXTRA && number == 0));
    }
    if (part == Part.FIXED || part == Part.BODY) {
      checksum.reset();
    }
  }

  private void beginMember() {
    nextParts = PARTS.iterator();
    part = nextParts.next();
    notGzip = "bytes behind the compressed body";
    body.restart();
    headerBytes = 0;
    memberBytes = 0;
  }

  @Override
  boolean isComplete() {
    return part == Part.FIXED && at == 0;
  }

  @Override
  void release() {
    body.release();
  }
}
