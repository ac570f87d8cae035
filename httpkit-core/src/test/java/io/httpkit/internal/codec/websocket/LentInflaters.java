package io.httpkit.internal.codec.websocket;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** Lends one inflater at a time, and sees how large the arrays are that it works on. */
final class LentInflaters implements InflaterSource {
  private @Nullable Inflater inflater;
  private boolean lent;
  private int largestOutput;

  @Override
  public Inflater take() {
    if (lent) {
      throw new AssertionError("taken twice");
    }
    lent = true;
    Inflater taken = inflater == null ? new Watched() : inflater;
    taken.reset();
    inflater = taken;
    return taken;
  }

  @Override
  public void give(Inflater returned) {
    if (!lent || returned != inflater) {
      throw new AssertionError("not lent");
    }
    lent = false;
  }

  /** Frees what the inflater holds. */
  void end() {
    if (inflater != null) {
      inflater.end();
    }
  }

  boolean isLent() {
    return lent;
  }

  /** The bytes of the largest array that was inflated to. */
  int largestOutput() {
    return largestOutput;
  }

  private final class Watched extends Inflater {
    Watched() {
      super(true);
    }

    @Override
    public int inflate(byte[] output, int off, int len) throws DataFormatException {
      largestOutput = Math.max(largestOutput, output.length);
      return super.inflate(output, off, len);
    }
  }
}
