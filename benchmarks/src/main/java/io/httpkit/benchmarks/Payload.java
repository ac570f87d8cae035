package io.httpkit.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What each server answers, so that nothing but the servers differs. */
public final class Payload {
  /** The text that a WebSocket of {@code /room} is sent first: from now on it gets each message. */
  public static final String JOINED = "joined";

  private static final int MAX_BYTES = 128 * 1024 * 1024;
  private static final byte[] HELLO = "Hello, World!".getBytes(StandardCharsets.US_ASCII);

  /** Volatile, as it is replaced by whichever thread is asked for another length. */
  private static volatile byte[] held = {};

  private record Message(String message) {}

  /** Loaded when it is first needed, as Jackson takes longer to load than a server. */
  private static final class Json {
    static final JsonMapper MAPPER = new JsonMapper();
  }

  private Payload() {}

  /** The body of {@code /plaintext}. Not to be changed. */
  public static byte[] hello() {
    return HELLO;
  }

  /** The body of {@code /json}, serialised anew. */
  public static byte[] json() {
    return Json.MAPPER.writeValueAsBytes(new Message("Hello, World!"));
  }

  /**
   * The body of {@code /bytes}: an array that is kept as long as the same length is asked for. Not
   * to be changed.
   *
   * @throws IllegalArgumentException if the length is not a number from 0 to 128 Mi
   */
  public static byte[] bytes(@Nullable String length) {
    int wanted = Integer.parseInt(length);
    byte[] bytes = held;
    if (bytes.length != wanted) {
      if (wanted < 0 || wanted > MAX_BYTES) {
        throw new IllegalArgumentException("length must not be " + wanted);
      }
      bytes = new byte[wanted];
      Arrays.fill(bytes, (byte) 'x');
      held = bytes;
    }
    return bytes;
  }
}
