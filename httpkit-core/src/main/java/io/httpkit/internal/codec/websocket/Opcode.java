package io.httpkit.internal.codec.websocket;

import org.jspecify.annotations.Nullable;

/** What a frame is. RFC 6455 §5.2. */
public enum Opcode {
  CONTINUATION(0x0),
  TEXT(0x1),
  BINARY(0x2),
  CLOSE(0x8),
  PING(0x9),
  PONG(0xa);

  private static final int FIRST_CONTROL = 0x8;
  private static final @Nullable Opcode[] BY_CODE = new @Nullable Opcode[16];

  static {
    for (Opcode opcode : values()) {
      BY_CODE[opcode.code] = opcode;
    }
  }

  private final int code;

  Opcode(int code) {
    this.code = code;
  }

  /** The opcode of these four bits, or null for one that is reserved. */
  static @Nullable Opcode of(int code) {
    return BY_CODE[code];
  }

  /** The four bits of the frame. */
  public int code() {
    return code;
  }

  /** Whether it is about the connection instead of a message. RFC 6455 §5.5. */
  public boolean isControl() {
    return code >= FIRST_CONTROL;
  }
}
