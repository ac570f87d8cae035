package io.httpkit.internal.codec.websocket;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Frames for tests, made without the encoder: bytes as Latin-1. RFC 6455 §5.2. */
final class Frames {
  static final int MORE = 0x00;
  static final int LAST = 0x80;
  static final int TEXT = 0x81;
  static final int TEXT_START = 0x01;
  static final int BINARY = 0x82;
  static final int BINARY_START = 0x02;
  static final int CLOSE = 0x88;
  static final int PING = 0x89;
  static final int PONG = 0x8a;

  /** Added to the first byte of a compressed message. */
  static final int RSV1 = 0x40;

  static final String MASK = hex("37fa213d");

  private Frames() {}

  static String hex(String digits) {
    return latin1(HexFormat.of().parseHex(digits.replace(" ", "")));
  }

  static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The bytes of this text. */
  static String utf8(String text) {
    return latin1(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A frame of a client. */
  static String frame(int first, String payload) {
    return start(first, payload.length()) + masked(payload);
  }

  /** The header of a frame of a client. */
  static String start(int first, long length) {
    return octet(first) + length(0x80, length) + MASK;
  }

  /** A frame of a server. */
  static String server(int first, String payload) {
    return octet(first) + length(0, payload.length()) + payload;
  }

  /** A payload, or the beginning of one, as a client sends it. */
  static String masked(String payload) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < payload.length(); i++) {
      out.append((char) (payload.charAt(i) ^ MASK.charAt(i % 4)));
    }
    return out.toString();
  }

  /** A close frame of a client with this code and reason. */
  static String close(int code, String reason) {
    return frame(CLOSE, octet(code >> 8) + octet(code) + reason);
  }

  private static String length(int maskBit, long length) {
    if (length < 126) {
      return octet(maskBit | (int) length);
    }
    if (length < 65536) {
      return octet(maskBit | 126) + octet((int) length >> 8) + octet((int) length);
    }
    StringBuilder out = new StringBuilder(octet(maskBit | 127));
    for (int shift = 56; shift >= 0; shift -= 8) {
      out.append(octet((int) (length >> shift)));
    }
    return out.toString();
  }

  static String octet(int value) {
    return String.valueOf((char) (value & 0xff));
  }
}
