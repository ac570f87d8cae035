package io.httpkit.internal.codec.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Status;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

/**
 * A row of the tables: a coded body, and what becomes of it.
 *
 * @param bytes of the coded body
 * @param expected the decoded body as Latin-1; behind a bar what refuses the rest
 * @param exact whether as much comes out before something is refused, however it is cut
 */
@SuppressWarnings("ArrayRecordComponent") // rows are not compared
record ContentCase(
    String name,
    ContentCoding coding,
    byte[] bytes,
    ContentLimits limits,
    String expected,
    boolean exact) {
  /** Rows of up to so many bytes are cut everywhere, longer ones at some places. */
  private static final int CUT_EVERYWHERE = 400;

  private static final int CUT_STEP = 1009;
  private static final int MAX_PIECE = 8 * 1024;

  static ContentCase row(String name, ContentCoding coding, byte[] bytes, String expected) {
    return new ContentCase(name, coding, bytes, ContentLimits.of(Long.MAX_VALUE), expected, true);
  }

  static ContentCase row(String name, ContentCoding coding, byte[] bytes) {
    return row(name, coding, bytes, "");
  }

  /** What refuses the body, behind whatever has come out of it. */
  ContentCase refused(String refusal) {
    return new ContentCase(name, coding, bytes, limits, refusal, false);
  }

  ContentCase within(ContentLimits others) {
    return new ContentCase(name, coding, bytes, others, expected, exact);
  }

  ContentCase within(long maxBytes) {
    return within(ContentLimits.of(maxBytes));
  }

  /** Decodes the row whole, byte by byte and cut in two, from heap and direct buffers. */
  void check() {
    assertThat(inPieces(false)).as("whole").isEqualTo(expected);
    assertThat(inPieces(true)).as("whole, direct").isEqualTo(expected);
    assertThat(inPieces(false, IntStream.range(1, bytes.length).toArray()))
        .as("byte by byte")
        .isEqualTo(expected);
    IntStream.range(1, bytes.length)
        .filter(cut -> bytes.length <= CUT_EVERYWHERE || cut < 40 || cut % CUT_STEP == 0)
        .forEach(cut -> assertThat(inPieces(true, cut)).as("cut at %d", cut).isEqualTo(expected));
  }

  private String inPieces(boolean direct, int... cuts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String refusal = "";
    ContentDecoder decoder = ContentDecoder.of(coding, limits);
    try {
      int from = 0;
      for (int i = 0; i <= cuts.length; i++) {
        int to = i < cuts.length ? cuts[i] : bytes.length;
        ByteBuffer in =
            direct ? ByteBuffer.allocateDirect(to - from) : ByteBuffer.allocate(to - from);
        decode(decoder, in.put(bytes, from, to - from).flip(), out);
        from = to;
      }
      decoder.end();
    } catch (BadMessageException e) {
      boolean isTooLarge = String.valueOf(e.getMessage()).startsWith("body larger than ");
      assertThat(e.status()).isEqualTo(isTooLarge ? Status.CONTENT_TOO_LARGE : Status.BAD_GATEWAY);
      refusal = "|" + e.getMessage();
    }
    return exact ? out.toString(StandardCharsets.ISO_8859_1) + refusal : refusal;
  }

  private static void decode(ContentDecoder decoder, ByteBuffer in, ByteArrayOutputStream out) {
    for (ByteBuffer piece = decoder.decode(in); piece != null; piece = decoder.decode(in)) {
      assertThat(piece.remaining()).isBetween(1, Math.max(MAX_PIECE, in.capacity()));
      byte[] copy = new byte[piece.remaining()];
      piece.get(copy);
      out.writeBytes(copy);
    }
    assertThat(in.hasRemaining()).isFalse();
  }

  @Override
  public String toString() {
    return coding + ": " + name;
  }
}
