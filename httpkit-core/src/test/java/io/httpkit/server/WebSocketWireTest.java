package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames over the wire: which are taken, which are refused, and how. RFC 6455 §5 and §7. */
class WebSocketWireTest {
  private static final int MAX_MESSAGE = 200;
  private static final int FIN = WebSocketPeer.FIN;

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  private final WebSocketLog log = new WebSocketLog();
  private WebSocketPeer peer;

  @BeforeEach
  void open() throws Exception {
    HttpServer server =
        servers.start(
            request -> request.asChannel(options -> options.withMaxMessage(MAX_MESSAGE), log));
    peer = WebSocketPeer.open(servers.connect(server));
    log.expect("open");
  }

  // ---- W3: what breaks the protocol

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "RSV1 without an extension, c18000000000",
    "RSV2, a18000000000",
    "RSV3, 918000000000",
    "RSV on a control frame, c98000000000",
    "unknown data opcode, 838000000000",
    "unknown control opcode, 8b8000000000",
    "fragmented control frame, 098000000000",
    "control frame of 126 bytes, 89fe007e",
    "continuation of nothing, 808000000000",
    "new message within a message, 018000000000018000000000",
    "whole message within a message, 018000000000828000000000",
    "not masked, 8100",
    "not masked, 810568656c6c6f",
    "length of 125 in 16 bits, 81fe007d",
    "length of 65535 in 64 bits, 81ff000000000000ffff",
    "length of 64 bits, 81ffffffffffffffffff",
    "close payload of a byte, 88810000000003",
    "close code 999, 88820000000003e7",
    "close code 1004, 88820000000003ec",
    "close code 1005, 88820000000003ed",
    "close code 1006, 88820000000003ee",
    "close code 1015, 88820000000003f7",
    "close code 1016, 88820000000003f8",
    "close code 5000, 8882000000001388",
  })
  void brokenFrameIsAnswered1002(String name, String hex) throws Exception {
    peer.raw(HexFormat.of().parseHex(hex));
    assertThat(peer.expectClose(1002)).isNotEmpty();
    peer.expectEof();
    assertThat(log.next()).as(name).startsWith("close PROTOCOL_ERROR 1002 ");
    log.expectNoMore();
  }

  @Test
  void whatComesBehindABrokenFrameIsIgnored() throws Exception {
    peer.text("before").raw(new byte[] {(byte) 0x83, (byte) 0x80, 0, 0, 0, 0}).text("behind");
    peer.expectClose(1002);
    peer.expectEof();
    log.expect("text before", "close PROTOCOL_ERROR 1002 reserved opcode");
    log.expectNoMore();
  }

  // ---- W4: text, and limits

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "wrong second byte, c328",
    "overlong, c0af",
    "surrogate, eda080",
    "beyond U+10FFFF, f4908080",
    "cut off, 61e282",
  })
  void textMustBeUtf8(String name, String hex) throws Exception {
    peer.send(FIN | WebSocketPeer.TEXT, HexFormat.of().parseHex(hex));
    peer.expectClose(1007);
    peer.expectEof();
    assertThat(log.next()).as(name).startsWith("close INVALID_PAYLOAD_DATA 1007 ");
  }

  @Test
  void textIsRefusedAsSoonAsItIsWrong() throws Exception {
    // most of the frame never comes
    byte[] frame =
        WebSocketPeer.frame(WebSocketPeer.TEXT, HexFormat.of().parseHex("c328" + "61".repeat(100)));
    peer.raw(Arrays.copyOf(frame, 8));
    peer.expectClose(1007);
    peer.expectEof();
  }

  @Test
  void wrongTextInALaterFragment() throws Exception {
    peer.send(WebSocketPeer.TEXT, HexFormat.of().parseHex("61c3"));
    peer.send(WebSocketPeer.CONTINUATION, HexFormat.of().parseHex("a9"));
    peer.send(WebSocketPeer.CONTINUATION, HexFormat.of().parseHex("28"));
    peer.send(WebSocketPeer.CONTINUATION, HexFormat.of().parseHex("ff"));
    peer.expectClose(1007);
    peer.expectEof();
  }

  @Test
  void closeReasonMustBeUtf8() throws Exception {
    peer.send(FIN | WebSocketPeer.CLOSE, HexFormat.of().parseHex("03e8c328"));
    peer.expectClose(1007);
    peer.expectEof();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 200, 0, true",
    "2, 200, 0, true",
    "1, 100, 100, true",
    "2, 126, 74, true",
    "1, 201, 0, false",
    "2, 201, 0, false",
    "1, 100, 101, false",
    "2, 126, 75, false",
  })
  void messageMayBeOfTheLargestSize(int opcode, int first, int second, boolean fits)
      throws Exception {
    byte[] bytes = new byte[first];
    Arrays.fill(bytes, (byte) 'a');
    byte[] more = new byte[second];
    Arrays.fill(more, (byte) 'b');
    if (second == 0) {
      peer.send(FIN | opcode, bytes);
    } else {
      peer.send(opcode, bytes).send(FIN | WebSocketPeer.CONTINUATION, more);
    }
    if (fits) {
      String told = opcode == WebSocketPeer.TEXT ? "text of " : "binary of ";
      log.expect(told + (first + second));
    } else {
      assertThat(peer.expectClose(1009)).contains("200");
      peer.expectEof();
      assertThat(log.next()).startsWith("close MESSAGE_TOO_BIG 1009 ");
    }
  }

  @Test
  void tooLargeAFrameIsRefusedByItsHeader() throws Exception {
    peer.raw(HexFormat.of().parseHex("82ff7fffffffffffffff00000000"));
    peer.expectClose(1009);
    peer.expectEof();
  }

  @Test
  void limitDoesNotHoldForControlFrames() throws Exception {
    HttpServer server =
        servers.start(
            request -> request.asChannel(options -> options.withMaxMessage(4), new WebSocketLog()));
    WebSocketPeer small = WebSocketPeer.open(servers.connect(server));
    small.ping("hello").expectPong("hello");
  }

  // ---- W5: control frames

  @Test
  void pingIsAnsweredAndThenTold() throws Exception {
    peer.ping("").ping("p".repeat(125));
    peer.expectPong("").expectPong("p".repeat(125));
    log.expect("ping ", "ping " + "p".repeat(125));
  }

  @Test
  void pongsThatNobodyAskedForAreToldOnly() throws Exception {
    peer.pong("unasked").text("next");
    log.expect("pong unasked", "text next");
    peer.ping("a").expectPong("a");
  }

  @Test
  void controlFramesMayComeBetweenFragments() throws Exception {
    peer.send(WebSocketPeer.TEXT, WebSocketPeer.utf8("hel"));
    peer.ping("ping").expectPong("ping");
    peer.pong("pong");
    peer.send(WebSocketPeer.CONTINUATION, new byte[0]);
    peer.send(FIN | WebSocketPeer.CONTINUATION, WebSocketPeer.utf8("lo"));
    log.expect("ping ping", "pong pong", "text hello");
  }

  @Test
  void charactersMayBeSplitBetweenFragments() throws Exception {
    for (byte each : WebSocketPeer.utf8("€")) {
      boolean isFirst = each == (byte) 0xe2;
      peer.send(isFirst ? WebSocketPeer.TEXT : WebSocketPeer.CONTINUATION, new byte[] {each});
    }
    peer.send(FIN | WebSocketPeer.CONTINUATION, new byte[0]);
    log.expect("text €");
  }

  // ---- W6: the close frame

  @Test
  void framesBehindTheCloseAreIgnored() throws Exception {
    byte[] close = WebSocketPeer.closeFrame(1000, "bye");
    byte[] text = WebSocketPeer.textFrame("late");
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(close);
    all.writeBytes(text);
    all.writeBytes(close);
    all.writeBytes(new byte[] {(byte) 0xff, (byte) 0xff});
    peer.raw(all.toByteArray());
    peer.expectClose(1000);
    peer.expectEof();
    log.expect("close NORMAL 1000 bye");
    log.expectNoMore();
  }

  @Test
  void closeWithinAMessageCloses() throws Exception {
    peer.send(WebSocketPeer.TEXT, WebSocketPeer.utf8("never complete"));
    peer.closing(1001, "");
    peer.expectClose(1001);
    peer.expectEof();
    log.expect("close GOING_AWAY 1001");
  }

  @Test
  void messagesBehindTheCloseOfTheServerAreDropped() throws Exception {
    log.channel().close(1000, "done");
    peer.expectClose(1000);
    log.expect("close SERVER_CLOSE 1000 done");
    peer.text("on its way").ping("too").closing(1000, "done").expectEof();
    log.expectNoMore();
  }

  @Test
  void brokenFrameBehindTheCloseOfTheServerEndsIt() throws Exception {
    log.channel().close(1000, "");
    peer.expectClose(1000);
    peer.raw(new byte[] {(byte) 0x83, (byte) 0x80}).expectEof();
  }

  // ---- W7: however it is cut

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 50})
  void bytesMayComeInAnyPieces(int size) throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(WebSocketPeer.textFrame("small"));
    all.writeBytes(WebSocketPeer.frame(WebSocketPeer.BINARY, new byte[130]));
    all.writeBytes(WebSocketPeer.frame(FIN | WebSocketPeer.PING, new byte[125]));
    all.writeBytes(WebSocketPeer.frame(FIN | WebSocketPeer.CONTINUATION, new byte[5]));
    all.writeBytes(WebSocketPeer.closeFrame(1000, "bye"));
    byte[] bytes = all.toByteArray();
    for (int at = 0; at < bytes.length; at += size) {
      peer.raw(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size)));
    }
    log.expect("text small", "ping " + "\0".repeat(125), "binary of 135", "close NORMAL 1000 bye");
  }

  @Test
  void garbageIsClosed() throws Exception {
    byte[] garbage = new byte[100_000];
    new Random(1).nextBytes(garbage);
    peer.raw(garbage);
    peer.skipToClose(1002);
    peer.expectEof();
    assertThat(log.next()).startsWith("close PROTOCOL_ERROR 1002 ");
  }
}
