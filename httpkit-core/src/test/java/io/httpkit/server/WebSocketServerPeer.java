package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.http.Headers;
import io.httpkit.internal.codec.websocket.ServerHandshake;
import io.httpkit.server.WebSocketPeer.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The server's end of a WebSocket, over a raw socket: sends and expects the frames a test says.
 * Those of the client must be masked.
 */
final class WebSocketServerPeer implements AutoCloseable {
  private static final byte[] NOTHING = {};

  private final ScriptedPeer wire;
  private final Headers request;
  private int lastMask;

  private WebSocketServerPeer(ScriptedPeer wire, Headers request) {
    this.wire = wire;
    this.request = request;
  }

  /** Takes the next connection, and reads the request for a WebSocket. */
  static WebSocketServerPeer accept(ServerSocketChannel listening) throws IOException {
    ScriptedPeer wire = ScriptedPeer.accept(listening);
    assertThat(wire.line()).isEqualTo("GET / HTTP/1.1");
    Headers.Builder request = Headers.builder();
    for (String line = wire.line(); !line.isEmpty(); line = wire.line()) {
      int colon = line.indexOf(": ");
      request.add(line.substring(0, colon), line.substring(colon + 2));
    }
    return new WebSocketServerPeer(wire, request.build());
  }

  Headers request() {
    return request;
  }

  ScriptedPeer wire() {
    return wire;
  }

  /** The answer that opens the WebSocket. */
  byte[] opening(String... moreLines) {
    StringBuilder answer =
        new StringBuilder("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n")
            .append("Connection: Upgrade\r\nSec-WebSocket-Accept: ")
            .append(ServerHandshake.accept(request))
            .append("\r\n");
    for (String line : moreLines) {
      answer.append(line).append("\r\n");
    }
    return answer.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  WebSocketServerPeer open(String... moreLines) throws IOException {
    return raw(opening(moreLines));
  }

  // ---- sending

  static byte[] frame(int first, byte[] payload) {
    ByteBuffer out = ByteBuffer.allocate(10 + payload.length).put((byte) first);
    if (payload.length < 126) {
      out.put((byte) payload.length);
    } else if (payload.length <= 0xffff) {
      out.put((byte) 126).putShort((short) payload.length);
    } else {
      out.put((byte) 127).putLong(payload.length);
    }
    out.put(payload);
    return Arrays.copyOf(out.array(), out.position());
  }

  static byte[] textFrame(String text) {
    return frame(WebSocketPeer.FIN | WebSocketPeer.TEXT, WebSocketPeer.utf8(text));
  }

  WebSocketServerPeer raw(byte[] bytes) throws IOException {
    wire.send(bytes);
    return this;
  }

  WebSocketServerPeer send(int first, byte[] payload) throws IOException {
    return raw(frame(first, payload));
  }

  WebSocketServerPeer text(String text) throws IOException {
    return raw(textFrame(text));
  }

  WebSocketServerPeer pong() throws IOException {
    return send(WebSocketPeer.FIN | WebSocketPeer.PONG, NOTHING);
  }

  WebSocketServerPeer closing(int code) throws IOException {
    byte[] payload = ByteBuffer.allocate(2).putShort((short) code).array();
    return send(WebSocketPeer.FIN | WebSocketPeer.CLOSE, payload);
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }

  // ---- expecting

  /** The next frame, which must be masked, without its mask. */
  Frame read() throws IOException {
    byte[] start = wire.bytes(2);
    assertThat(start[1]).as("masked").isNegative();
    int length = start[1] & 0x7f;
    if (length == 126) {
      length = ByteBuffer.wrap(wire.bytes(2)).getShort() & 0xffff;
      assertThat(length).isGreaterThan(125);
    } else if (length == 127) {
      length = Math.toIntExact(ByteBuffer.wrap(wire.bytes(8)).getLong());
      assertThat(length).isGreaterThan(0xffff);
    }
    byte[] mask = wire.bytes(4);
    lastMask = ByteBuffer.wrap(mask).getInt();
    byte[] payload = wire.bytes(length);
    for (int i = 0; i < length; i++) {
      payload[i] ^= mask[i & 3];
    }
    return new Frame(start[0] & 0xff, payload);
  }

  /** The key of the frame that was read. */
  int lastMask() {
    return lastMask;
  }

  WebSocketServerPeer expect(int opcode, String text) throws IOException {
    Frame frame = read();
    assertThat(frame.opcode()).as("%s", frame).isEqualTo(opcode);
    assertThat(frame.text()).isEqualTo(text);
    return this;
  }

  /** Reads a close frame, and returns the reason that it gives. */
  String expectClose(int code) throws IOException {
    Frame frame = read();
    while (!frame.isControl()) {
      frame = read();
    }
    assertThat(frame.opcode()).as("%s", frame).isEqualTo(WebSocketPeer.CLOSE);
    ByteBuffer payload = ByteBuffer.wrap(frame.payload());
    assertThat(payload.getShort() & 0xffff).as("close code").isEqualTo(code);
    return StandardCharsets.UTF_8.decode(payload).toString();
  }
}
