package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.server.ScriptedPeer.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** The client's end of a WebSocket, over a raw socket: sends and expects the frames a test says. */
final class WebSocketPeer implements AutoCloseable {
  static final int FIN = 0x80;
  static final int RSV1 = 0x40;
  static final int CONTINUATION = 0x0;
  static final int TEXT = 0x1;
  static final int BINARY = 0x2;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xa;

  /** Those of RFC 6455 §1.3. */
  static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

  private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};
  private static final byte[] NOTHING = {};

  private final ScriptedPeer wire;
  private final Reply answer;

  private WebSocketPeer(ScriptedPeer wire, Reply answer) {
    this.wire = wire;
    this.answer = answer;
  }

  // ---- the handshake

  /** A handshake for {@code /}. */
  static String handshake(String... moreLines) {
    return handshakeFor("/", moreLines);
  }

  static String handshakeFor(String target, String... moreLines) {
    StringBuilder lines = new StringBuilder();
    for (String line : moreLines) {
      lines.append(line).append("\r\n");
    }
    return "GET "
        + target
        + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
        + KEY
        + "\r\n"
        + lines
        + "\r\n";
  }

  /** Opens a WebSocket over a connection. */
  static WebSocketPeer open(ScriptedPeer wire, String... moreLines) throws IOException {
    return answered(wire.send(handshake(moreLines)));
  }

  static WebSocketPeer openFor(ScriptedPeer wire, String target, String... moreLines)
      throws IOException {
    return answered(wire.send(handshakeFor(target, moreLines)));
  }

  /** Reads the answer to a handshake that was sent. */
  static WebSocketPeer answered(ScriptedPeer wire) throws IOException {
    Reply answer = wire.read();
    assertThat(answer.status()).as("%s: %s", answer.statusLine(), answer.text()).isEqualTo(101);
    assertThat(answer.header("Sec-WebSocket-Accept")).isEqualTo(ACCEPT);
    return new WebSocketPeer(wire, answer);
  }

  Reply answer() {
    return answer;
  }

  ScriptedPeer wire() {
    return wire;
  }

  // ---- sending

  /**
   * A masked frame.
   *
   * @param first the first byte: {@link #FIN} and others, and the opcode
   */
  static byte[] frame(int first, byte[] payload) {
    ByteBuffer out = ByteBuffer.allocate(14 + payload.length).put((byte) first);
    if (payload.length < 126) {
      out.put((byte) (0x80 | payload.length));
    } else if (payload.length <= 0xffff) {
      out.put((byte) 0xfe).putShort((short) payload.length);
    } else {
      out.put((byte) 0xff).putLong(payload.length);
    }
    out.put(MASK);
    for (int i = 0; i < payload.length; i++) {
      out.put((byte) (payload[i] ^ MASK[i & 3]));
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] textFrame(String text) {
    return frame(FIN | TEXT, utf8(text));
  }

  static byte[] closeFrame(int code, String reason) {
    byte[] text = utf8(reason);
    ByteBuffer payload = ByteBuffer.allocate(2 + text.length);
    return frame(FIN | CLOSE, payload.putShort((short) code).put(text).array());
  }

  WebSocketPeer send(int first, byte[] payload) throws IOException {
    return raw(frame(first, payload));
  }

  WebSocketPeer raw(byte[] bytes) throws IOException {
    wire.send(bytes);
    return this;
  }

  WebSocketPeer text(String text) throws IOException {
    return raw(textFrame(text));
  }

  WebSocketPeer binary(byte[] bytes) throws IOException {
    return send(FIN | BINARY, bytes);
  }

  WebSocketPeer ping(String payload) throws IOException {
    return send(FIN | PING, utf8(payload));
  }

  WebSocketPeer pong(String payload) throws IOException {
    return send(FIN | PONG, utf8(payload));
  }

  WebSocketPeer closing(int code, String reason) throws IOException {
    return raw(closeFrame(code, reason));
  }

  WebSocketPeer closingWithoutCode() throws IOException {
    return send(FIN | CLOSE, NOTHING);
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }

  // ---- expecting

  /** A frame of the server. */
  static final class Frame {
    private final int first;
    private final byte[] payload;

    Frame(int first, byte[] payload) {
      this.first = first;
      this.payload = payload;
    }

    int opcode() {
      return first & 0xf;
    }

    boolean isFinal() {
      return (first & FIN) != 0;
    }

    boolean isCompressed() {
      return (first & RSV1) != 0;
    }

    boolean isControl() {
      return opcode() >= CLOSE;
    }

    byte[] payload() {
      return payload.clone();
    }

    int length() {
      return payload.length;
    }

    String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
      String start = new String(payload, 0, Math.min(60, payload.length), StandardCharsets.UTF_8);
      return Integer.toHexString(first) + " of " + payload.length + ": " + start;
    }
  }

  /** The next frame, whose header must be in its shortest form. */
  Frame read() throws IOException {
    byte[] start = wire.bytes(2);
    int seven = start[1];
    assertThat(seven).as("not masked").isBetween(0, 127);
    int length = seven;
    if (seven == 126) {
      length = ByteBuffer.wrap(wire.bytes(2)).getShort() & 0xffff;
      assertThat(length).isGreaterThan(125);
    } else if (seven == 127) {
      length = Math.toIntExact(ByteBuffer.wrap(wire.bytes(8)).getLong());
      assertThat(length).isGreaterThan(0xffff);
    }
    Frame frame = new Frame(start[0] & 0xff, wire.bytes(length));
    assertThat(frame.first & 0x30).as("reserved bits of %s", frame).isZero();
    return frame;
  }

  private Frame expect(int first) throws IOException {
    Frame frame = read();
    assertThat(frame.first).as("%s", frame).isEqualTo(first);
    return frame;
  }

  WebSocketPeer expectText(String text) throws IOException {
    assertThat(expect(FIN | TEXT).text()).isEqualTo(text);
    return this;
  }

  WebSocketPeer expectBinary(byte[] bytes) throws IOException {
    assertThat(expect(FIN | BINARY).payload).isEqualTo(bytes);
    return this;
  }

  WebSocketPeer expectPing(String payload) throws IOException {
    assertThat(expect(FIN | PING).text()).isEqualTo(payload);
    return this;
  }

  WebSocketPeer expectPong(String payload) throws IOException {
    assertThat(expect(FIN | PONG).text()).isEqualTo(payload);
    return this;
  }

  /** Reads a close frame, and returns the reason that it gives. */
  String expectClose(int code) throws IOException {
    return checkClose(expect(FIN | CLOSE), code);
  }

  private static String checkClose(Frame frame, int code) {
    assertThat(frame.payload.length).isGreaterThanOrEqualTo(2);
    ByteBuffer payload = ByteBuffer.wrap(frame.payload);
    assertThat(payload.getShort() & 0xffff).as("close code").isEqualTo(code);
    return new String(frame.payload, 2, frame.payload.length - 2, StandardCharsets.UTF_8);
  }

  WebSocketPeer expectCloseWithoutCode() throws IOException {
    assertThat(expect(FIN | CLOSE).payload).isEmpty();
    return this;
  }

  /** Drops frames up to one that closes; the reason that it gives. */
  String skipToClose(int code) throws IOException {
    Frame frame = read();
    while (frame.opcode() != CLOSE) {
      frame = read();
    }
    return checkClose(frame, code);
  }

  /** The server ends the connection, and sends nothing before. */
  void expectEof() throws IOException {
    wire.expectEof();
  }

  boolean hasWithin(Duration time) throws IOException {
    return wire.hasWithin(time);
  }

  /** The payload of a message that may be in fragments; control frames may not be between. */
  byte[] readMessage(int opcode) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Frame frame = read();
    assertThat(frame.opcode()).as("%s", frame).isEqualTo(opcode);
    all.writeBytes(frame.payload);
    while (!frame.isFinal()) {
      frame = read();
      assertThat(frame.opcode()).as("%s", frame).isEqualTo(CONTINUATION);
      all.writeBytes(frame.payload);
    }
    return all.toByteArray();
  }
}
