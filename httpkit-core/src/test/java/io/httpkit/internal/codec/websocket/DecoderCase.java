package io.httpkit.internal.codec.websocket;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A row of the decoder's tables.
 *
 * @param name what the row shows
 * @param text the bytes that come in, as Latin-1
 * @param setup of the decoder
 * @param expected the events in the words of {@link Decoding}; a close code of an error stands last
 */
record DecoderCase(String name, String text, Setup setup, List<String> expected) {
  /** What a decoder is made with. */
  record Setup(
      Role sender, int maxMessage, boolean streamsParts, boolean inflates, boolean keepsContext) {
    Setup streaming(boolean streams) {
      return new Setup(sender, maxMessage, streams, inflates, keepsContext);
    }

    Setup from(Role other) {
      return new Setup(other, maxMessage, streamsParts, inflates, keepsContext);
    }

    Setup within(int max) {
      return new Setup(sender, max, streamsParts, inflates, keepsContext);
    }
  }

  static final int MAX_MESSAGE = 1 << 20;
  static final Setup PLAIN = new Setup(Role.CLIENT, MAX_MESSAGE, false, false, false);
  static final Setup DEFLATE = new Setup(Role.CLIENT, MAX_MESSAGE, false, true, true);
  static final Setup DEFLATE_WITHOUT_CONTEXT =
      new Setup(Role.CLIENT, MAX_MESSAGE, false, true, false);

  /** Rows of up to so many bytes are cut everywhere, longer ones at some places. */
  private static final int CUT_EVERYWHERE = 400;

  private static final int CUTS_AT_ENDS = 24;
  private static final int CUT_STEP = 4099;

  static DecoderCase row(String name, String text, String... expected) {
    return new DecoderCase(name, text, PLAIN, List.of(expected));
  }

  /** The same for another decoder. */
  DecoderCase with(Setup other) {
    return new DecoderCase(name, text, other, expected);
  }

  /** Where the bytes are cut in two. */
  IntStream cuts() {
    int length = text.length();
    return IntStream.range(1, length)
        .filter(
            cut ->
                length <= CUT_EVERYWHERE
                    || cut < CUTS_AT_ENDS
                    || length - cut < CUTS_AT_ENDS
                    || cut % CUT_STEP == 0);
  }

  @Override
  public String toString() {
    return name.substring(0, Math.min(name.length(), 80)).replaceAll("[^ -~]", "?");
  }
}
