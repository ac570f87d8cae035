package io.httpkit.internal.codec.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.httpkit.internal.codec.websocket.DecoderCase.Setup;
import io.httpkit.internal.codec.websocket.WebSocketEvent.Binary;
import io.httpkit.internal.codec.websocket.WebSocketEvent.Close;
import io.httpkit.internal.codec.websocket.WebSocketEvent.Control;
import io.httpkit.internal.codec.websocket.WebSocketEvent.Part;
import io.httpkit.internal.codec.websocket.WebSocketEvent.Text;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a decoder makes of bytes that come in pieces. As a connection does, it offers what was left
 * of the earlier pieces again, with the next piece behind it and in another place.
 *
 * <p>Its words: {@code text hello}, {@code binary \xff}, {@code ping a}, {@code pong a}, {@code
 * close 1000 bye}, the close code of an error, and {@code incomplete} if something is still to
 * come. The parts of a message are one word, and none if it does not end.
 */
final class Decoding {
  /** Bytes before what is offered, which do not concern the decoder. */
  private static final int MARGIN = 3;

  private static final int SHOWN = 130;

  private final LentInflaters inflaters = new LentInflaters();
  private final Setup setup;
  private final WebSocketDecoder decoder;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder parts = new StringBuilder();
  private boolean ended;
  private boolean left;

  private Decoding(Setup setup) {
    this.setup = setup;
    this.decoder =
        new WebSocketDecoder(
            setup.sender(),
            setup.maxMessage(),
            setup.streamsParts(),
            setup.inflates() ? inflaters : null,
            setup.keepsContext());
  }

  /**
   * Decodes the row whole, byte by byte and cut at its cuts, from heap and direct buffers, to whole
   * messages and to parts.
   */
  static void check(DecoderCase row) {
    checkOneWay(row);
    checkOneWay(row.with(row.setup().streaming(!row.setup().streamsParts())));
  }

  /** As {@link #check}, but only to what the row says: whole messages or parts. */
  static void checkOneWay(DecoderCase row) {
    byte[] bytes = Frames.bytes(row.text());
    ByteBuffer heap = ByteBuffer.allocate(memory(bytes));
    ByteBuffer direct = ByteBuffer.allocateDirect(memory(bytes));
    assertThat(inPieces(row, bytes, heap)).as("whole").isEqualTo(row.expected());
    for (ByteBuffer memory : List.of(heap, direct)) {
      same(row.expected(), "whole", inPieces(row, bytes, memory));
      same(row.expected(), "byte by byte", byteByByte(row, bytes, memory));
      row.cuts()
          .forEach(cut -> same(row.expected(), "cut at " + cut, inPieces(row, bytes, memory, cut)));
    }
  }

  /** The outcome of the bytes as a whole, which is the same however they are cut. */
  static List<String> checkCuts(DecoderCase row, int... cuts) {
    byte[] bytes = Frames.bytes(row.text());
    ByteBuffer memory = ByteBuffer.allocate(memory(bytes));
    List<String> whole = inPieces(row, bytes, memory);
    same(whole, "byte by byte", byteByByte(row, bytes, memory));
    same(whole, "cut", inPieces(row, bytes, memory, cuts));
    return whole;
  }

  private static void same(List<String> expected, String how, List<String> words) {
    if (!expected.equals(words)) {
      fail("expected " + expected + "\n" + how + ": " + words);
    }
  }

  /** Room for the pieces, and for what is left of them, in turn. */
  private static int memory(byte[] bytes) {
    return 2 * (bytes.length + MARGIN);
  }

  private static List<String> inPieces(
      DecoderCase row, byte[] bytes, ByteBuffer memory, int... cuts) {
    Decoding decoding = new Decoding(row.setup());
    ByteBuffer left = ByteBuffer.allocate(0);
    int from = 0;
    for (int i = 0; i <= cuts.length; i++) {
      int to = i < cuts.length ? cuts[i] : bytes.length;
      ByteBuffer offered = memory.duplicate();
      offered.position(i % 2 == 0 ? MARGIN : bytes.length + 2 * MARGIN);
      offered.mark().put(left).put(bytes, from, to - from).limit(offered.position()).reset();
      decoding.offer(offered);
      left = offered;
      from = to;
    }
    return decoding.end();
  }

  private static List<String> byteByByte(DecoderCase row, byte[] bytes, ByteBuffer memory) {
    Decoding decoding = new Decoding(row.setup());
    ByteBuffer offered = memory.duplicate().position(MARGIN).put(bytes).position(MARGIN);
    for (int i = 1; i <= bytes.length; i++) {
      decoding.offer(offered.limit(MARGIN + i));
    }
    return decoding.end();
  }

  private void offer(ByteBuffer in) {
    int limit = in.limit();
    while (!ended) {
      int before = in.position();
      WebSocketEvent event = next(in);
      if (in.limit() != limit || in.position() < before) {
        fail("moved from " + before + " to " + in);
      }
      if (event == null) {
        left = in.hasRemaining();
        return;
      }
      record(event);
    }
  }

  private @Nullable WebSocketEvent next(ByteBuffer in) {
    try {
      return decoder.next(in);
    } catch (WebSocketException e) {
      assertThat(Frames.utf8(String.valueOf(e.getMessage()))).hasSizeBetween(1, 123);
      words.add(String.valueOf(e.closeCode()));
      ended = true;
      return null;
    }
  }

  private void record(WebSocketEvent event) {
    if (event instanceof Text message) {
      words.add(word("text", Frames.utf8(message.text())));
    } else if (event instanceof Binary message) {
      words.add(word("binary", Frames.latin1(message.bytes())));
    } else if (event instanceof Part part) {
      record(part);
    } else if (event instanceof Control control) {
      String kind = control.opcode().toString().toLowerCase(Locale.ROOT);
      words.add(word(kind, Frames.latin1(control.payload())));
    } else if (event instanceof Close close) {
      words.add(word("close", close.code() + " " + Frames.utf8(close.reason())));
      ended = true;
    }
    if (decoder.isBetweenMessages() && inflaters.isLent()) {
      assertThat(setup.keepsContext()).as("keeps the inflater").isTrue();
    }
  }

  private void record(Part part) {
    if (part.bytes().length == 0 && !part.isLast()) {
      fail("empty part");
    }
    parts.append(Frames.latin1(part.bytes()));
    if (part.isLast()) {
      words.add(word(part.isText() ? "text" : "binary", parts.toString()));
      parts.setLength(0);
    }
  }

  private List<String> end() {
    if (!ended && (left || !decoder.isBetweenMessages())) {
      words.add("incomplete");
    }
    decoder.release();
    decoder.release();
    inflaters.end();
    int largest = setup.streamsParts() ? 8 * 1024 : Math.max(1, setup.maxMessage());
    assertThat(inflaters.isLent()).isFalse();
    assertThat(inflaters.largestOutput()).isLessThanOrEqualTo(largest);
    return words;
  }

  /** A word and bytes: visible, in hexadecimal, or by their length and hash if there are many. */
  static String word(String kind, String bytes) {
    if (bytes.isEmpty()) {
      return kind;
    }
    StringBuilder out = new StringBuilder(kind).append(' ');
    if (bytes.length() > SHOWN) {
      return out.append(bytes.length()).append('#').append(bytes.hashCode()).toString();
    }
    for (int i = 0; i < bytes.length(); i++) {
      char c = bytes.charAt(i);
      out.append(c >= ' ' && c <= '~' ? String.valueOf(c) : hex(c));
    }
    return out.toString().stripTrailing();
  }

  private static String hex(char c) {
    return String.format(Locale.ROOT, "\\x%02x", (int) c);
  }
}
