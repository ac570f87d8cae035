package io.httpkit.internal.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/** A stage whose records can be read: {@code [text]}, and at the end {@code !}. */
final class Brackets implements ByteStage {
  private final char opening;
  private final char closing;
  private final char end;

  int maxRecord = 1_000;

  /** What must be free for a record to be made, if that is more than it takes. */
  int mustBeFree;

  String notice = "";
  boolean ended;
  boolean fails;

  private Brackets(char opening, char closing, char end) {
    this.opening = opening;
    this.closing = closing;
    this.end = end;
  }

  static Brackets square() {
    return new Brackets('[', ']', '!');
  }

  /** Says {@code (text)}, and {@code ?} at the end. */
  static Brackets round() {
    return new Brackets('(', ')', '?');
  }

  @Override
  public ByteBuffer inbound(ByteBuffer in) throws IOException {
    if (fails) {
      throw new SSLException("bad record");
    }
    StringBuilder text = new StringBuilder();
    while (in.hasRemaining()) {
      char next = (char) in.get();
      ended |= next == end;
      if (next != opening && next != closing && next != end) {
        text.append(next);
      }
    }
    return Wire.bytes(text.toString());
  }

  @Override
  public boolean hasEnded() {
    return ended;
  }

  @Override
  public boolean wantsOutbound() {
    return !notice.isEmpty();
  }

  @Override
  public void outbound(ByteBuffer plain, ByteBuffer out) {
    out.put(Wire.bytes(notice));
    notice = "";
    while (plain.hasRemaining() && out.remaining() >= Math.max(maxRecord + 2, mustBeFree)) {
      int length = Math.min(maxRecord, plain.remaining());
      out.put((byte) opening).put(plain.slice(plain.position(), length)).put((byte) closing);
      plain.position(plain.position() + length);
    }
  }

  @Override
  public void endOutbound() {
    notice = String.valueOf(end);
  }

  /** What is in these records, all of which must be whole. */
  String text(String records) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < records.length()) {
      int last = records.indexOf(closing, at);
      if (records.charAt(at) != opening || last < 0) {
        throw new AssertionError("not a record: " + records.substring(at));
      }
      text.append(records, at + 1, last);
      at = last + 1;
    }
    return text.toString();
  }

  @Override
  public SSLSession session() {
    throw new UnsupportedOperationException("session");
  }
}
