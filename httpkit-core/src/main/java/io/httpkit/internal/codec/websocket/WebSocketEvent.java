package io.httpkit.internal.codec.websocket;

/** What a decoder reads out of the bytes: messages or parts of them, and control frames. */
@SuppressWarnings("ArrayRecordComponent") // events are passed on once, and never compared
public sealed interface WebSocketEvent {
  /** A whole text message. */
  record Text(String text) implements WebSocketEvent {}

  /** A whole binary message. */
  record Binary(byte[] bytes) implements WebSocketEvent {}

  /**
   * A part of a message, for a decoder that streams. Where parts meet has no meaning, and may be in
   * the middle of a character.
   *
   * @param bytes empty only if it is the last part
   * @param isText whether they are UTF-8; this was checked up to the end of the part
   */
  record Part(byte[] bytes, boolean isText, boolean isLast) implements WebSocketEvent {}

  /**
   * A ping or a pong. RFC 6455 §5.5.2 and §5.5.3.
   *
   * @param payload of at most 125 bytes
   */
  record Control(Opcode opcode, byte[] payload) implements WebSocketEvent {}

  /**
   * The peer sends nothing more. RFC 6455 §5.5.1.
   *
   * @param code 1005 if the peer gave none
   * @param reason for people; often empty
   */
  record Close(int code, String reason) implements WebSocketEvent {}
}
