package io.httpkit.internal.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import io.httpkit.internal.codec.http1.Http1Event.Content;
import io.httpkit.internal.codec.http1.Http1Event.Continue;
import io.httpkit.internal.codec.http1.Http1Event.End;
import io.httpkit.internal.codec.http1.Http1Event.RequestHead;
import io.httpkit.internal.codec.http1.Http1Event.ResponseHead;
import io.httpkit.internal.codec.http1.Http1Event.Version;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a decoder makes of bytes that come in pieces. As a connection does, it offers what was left
 * of the earlier pieces again, with the next piece behind it and in another place.
 *
 * <p>Its words: {@code POST /a 1.1 fixed 5 close continue} for a head, {@code content hello} for
 * all contents of a body, {@code end} or {@code end {a="b"}} with trailers, a status that refuses,
 * and {@code incomplete} if something is still to come. For responses {@code 200 1.1 close} is a
 * head, {@code until close} a framing, {@code continue} stands for 100, and {@code over} behind
 * what is no longer HTTP.
 */
final class Decoding {
  /** The words, and all headers and trailers, which most words leave out. */
  record Transcript(List<String> words, List<Headers> fields) {}

  /** Bytes before what is offered, which do not concern the decoder. */
  private static final int MARGIN = 3;

  private final Http1Decoder decoder;
  private final long maxBody;
  private final List<String> words = new ArrayList<>();
  private final List<Headers> fields = new ArrayList<>();
  private final StringBuilder content = new StringBuilder();
  private final Iterator<Method> asked;
  private final boolean ends;
  private boolean done;

  private Decoding(DecoderCase row) {
    this.decoder =
        row.asked().isEmpty()
            ? Http1Decoder.forRequests(row.limits())
            : Http1Decoder.forResponses(row.limits());
    this.maxBody = row.maxBody();
    this.asked = row.asked().iterator();
    this.ends = row.ends();
    ask();
  }

  private void ask() {
    if (asked.hasNext()) {
      decoder.expect(asked.next());
    }
  }

  /** Decodes the row whole, byte by byte and cut at its cuts, from heap and direct buffers. */
  static void check(DecoderCase row) {
    byte[] bytes = row.bytes();
    ByteBuffer heap = ByteBuffer.allocate(memory(bytes));
    ByteBuffer direct = ByteBuffer.allocateDirect(memory(bytes));
    Transcript whole = inPieces(row, bytes, heap);
    assertThat(whole.words()).as(row.shown()).isEqualTo(row.expected());
    for (ByteBuffer memory : List.of(heap, direct)) {
      same(row, "whole", whole, inPieces(row, bytes, memory));
      same(row, "byte by byte", whole, byteByByte(row, bytes, memory));
      row.cuts()
          .forEach(cut -> same(row, "cut at " + cut, whole, inPieces(row, bytes, memory, cut)));
    }
  }

  /** The outcome of the bytes as a whole, which is the same however they are cut. */
  static Transcript checkCuts(DecoderCase row, int... cuts) {
    byte[] bytes = row.bytes();
    ByteBuffer memory = ByteBuffer.allocate(memory(bytes));
    Transcript whole = inPieces(row, bytes, memory);
    same(row, "byte by byte", whole, byteByByte(row, bytes, memory));
    same(row, "cut", whole, inPieces(row, bytes, memory, cuts));
    return whole;
  }

  private static void same(DecoderCase row, String how, Transcript whole, Transcript other) {
    if (!whole.equals(other)) {
      fail(row.shown() + "\nwhole: " + whole + "\n" + how + ": " + other);
    }
  }

  /** Room for the pieces, and for what is left of them, in turn. */
  private static int memory(byte[] bytes) {
    return 2 * (bytes.length + MARGIN);
  }

  private static Transcript inPieces(
      DecoderCase row, byte[] bytes, ByteBuffer memory, int... cuts) {
    Decoding decoding = new Decoding(row);
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
    return decoding.transcript();
  }

  private static Transcript byteByByte(DecoderCase row, byte[] bytes, ByteBuffer memory) {
    Decoding decoding = new Decoding(row);
    ByteBuffer offered = memory.duplicate().position(MARGIN).put(bytes).position(MARGIN);
    for (int i = 1; i <= bytes.length; i++) {
      decoding.offer(offered.limit(MARGIN + i));
    }
    return decoding.transcript();
  }

  private void offer(ByteBuffer in) {
    int limit = in.limit();
    boolean idle = false;
    while (!done) {
      int before = in.position();
      Http1Event event = next(in);
      if (event == null) {
        return;
      }
      boolean progress = in.position() > before;
      if (in.limit() != limit || in.position() < before || (idle && !progress)) {
        fail("no progress at " + before + " with " + event);
      }
      idle = !progress;
      record(event);
    }
  }

  private @Nullable Http1Event next(ByteBuffer in) {
    try {
      return decoder.next(in);
    } catch (BadMessageException e) {
      refuse(e);
      return null;
    }
  }

  private void refuse(BadMessageException e) {
    endContent();
    words.add(String.valueOf(e.status().code()));
    done = true;
  }

  private void record(Http1Event event) {
    if (event instanceof Content piece) {
      content.append(StandardCharsets.ISO_8859_1.decode(piece.bytes().duplicate()));
    } else if (event instanceof Continue) {
      words.add("continue");
    } else if (event instanceof RequestHead head) {
      begin(head.headers(), head.framing(), words(head));
    } else if (event instanceof ResponseHead head) {
      begin(head.headers(), head.framing(), words(head));
      if (head.upgrade()) {
        words.add("over");
        done = true;
      }
    } else if (event instanceof End end) {
      endContent();
      end(end.trailers());
    }
  }

  private void end(Headers trailers) {
    words.add(trailers.isEmpty() ? "end" : "end " + trailers);
    fields.add(trailers);
    ask();
  }

  private void begin(Headers headers, BodyFraming framing, String said) {
    words.add(said);
    fields.add(headers);
    if (framing == BodyFraming.NONE) {
      end(Headers.empty());
    }
    try {
      decoder.limitBody(maxBody);
    } catch (BadMessageException e) {
      refuse(e);
    }
  }

  private static String words(RequestHead head) {
    StringBuilder out = new StringBuilder().append(head.method()).append(' ').append(head.target());
    common(out, head.version(), head.framing(), head.keepAlive());
    return out.append(head.expectsContinue() ? " continue" : "").toString();
  }

  private static String words(ResponseHead head) {
    StringBuilder out = new StringBuilder().append(head.status().code());
    common(out, head.version(), head.framing(), head.keepAlive());
    return out.toString();
  }

  private static void common(
      StringBuilder out, Version version, BodyFraming framing, boolean keepAlive) {
    out.append(' ').append(version.toString().substring("HTTP/".length()));
    if (framing == BodyFraming.CHUNKED) {
      out.append(" chunked");
    } else if (framing == BodyFraming.UNTIL_CLOSE) {
      out.append(" until close");
    } else if (framing != BodyFraming.NONE) {
      out.append(" fixed ").append(framing.length());
    }
    out.append(keepAlive ? "" : " close");
  }

  private void endContent() {
    if (!content.isEmpty()) {
      words.add("content " + content);
      content.setLength(0);
    }
  }

  private Transcript transcript() {
    if (ends && !done) {
      endInput();
    }
    endContent();
    if (!done && !decoder.isBetweenMessages()) {
      words.add("incomplete");
    }
    return new Transcript(words, fields);
  }

  private void endInput() {
    try {
      End end = decoder.endOfInput();
      if (end != null) {
        record(end);
      }
    } catch (BadMessageException e) {
      refuse(e);
    }
  }
}
