package io.httpkit.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.httpkit.internal.net.StageBuffers;
import io.httpkit.tls.TestKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two stages back to back; the test carries the bytes. */
@Timeout(60)
class TlsStageTest {
  private static final SSLContext SERVER = TestKeys.localhost().context();
  private static final SSLContext CLIENT = TestKeys.trustingOnly(TestKeys.localhost());

  /** One end, and what it has received. */
  private static final class End {
    final SSLEngine engine;
    final TlsStage stage;
    private final StageBuffers buffers = new StageBuffers();
    private final StringBuilder received = new StringBuilder();
    private ByteBuffer unread = ByteBuffer.allocate(0);

    End(boolean isClient, String protocol) throws SSLException {
      engine = (isClient ? CLIENT : SERVER).createSSLEngine("localhost", 443);
      engine.setUseClientMode(isClient);
      engine.setEnabledProtocols(new String[] {protocol});
      engine.beginHandshake();
      stage = new TlsStage(engine, buffers);
    }

    /** Takes the handshake on with what has come; what this end says to that. */
    ByteBuffer handshake(ByteBuffer wire) throws SSLException {
      ByteBuffer all = ByteBuffer.allocate(unread.remaining() + wire.remaining());
      all.put(unread).put(wire).flip();
      ByteBuffer out = ByteBuffer.allocate(64 * 1024);
      while (stage.handshake(all, out) == TlsStage.Step.TASKS) {
        engine.getDelegatedTask().run();
      }
      unread = all;
      return out.flip();
    }

    ByteBuffer wrap(String text) throws SSLException {
      ByteBuffer plain = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
      ByteBuffer out = ByteBuffer.allocate(2 * plain.remaining() + 32 * 1024);
      stage.outbound(plain, out);
      assertThat(plain.hasRemaining()).isFalse();
      return out.flip();
    }

    ByteBuffer end() throws SSLException {
      stage.endOutbound();
      return wrap("");
    }

    void receive(ByteBuffer wire) throws SSLException {
      ByteBuffer plain = stage.inbound(wire);
      assertThat(wire.hasRemaining()).isFalse();
      received.append(StandardCharsets.ISO_8859_1.decode(plain));
    }

    String received() {
      String all = received.toString();
      received.setLength(0);
      return all;
    }
  }

  /** Carries what both say in pieces of so many bytes until neither has more to say. */
  private static void shakeHands(End client, End server, int pieceBytes) throws SSLException {
    ByteBuffer toServer = client.handshake(ByteBuffer.allocate(0));
    while (toServer.hasRemaining()) {
      ByteBuffer toClient = carry(toServer, server, pieceBytes);
      toServer = carry(toClient, client, pieceBytes);
    }
    assertThat(client.engine.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
    assertThat(server.engine.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
    // tickets that came behind the client's end of the handshake
    client.receive(client.unread);
  }

  private static ByteBuffer carry(ByteBuffer wire, End to, int pieceBytes) throws SSLException {
    ByteBuffer answers = ByteBuffer.allocate(64 * 1024);
    while (wire.hasRemaining()) {
      int length = Math.min(pieceBytes, wire.remaining());
      answers.put(to.handshake(wire.slice(wire.position(), length)));
      wire.position(wire.position() + length);
    }
    return answers.flip();
  }

  private static End[] pair(String protocol) throws SSLException {
    End[] ends = {new End(true, protocol), new End(false, protocol)};
    shakeHands(ends[0], ends[1], Integer.MAX_VALUE);
    return ends;
  }

  // ---- the handshake

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void shakesHandsHoweverTheWireIsSplit(String protocol) throws SSLException {
    for (int pieceBytes : new int[] {1, 2, 3, 5, 6, 100, 517, 1000}) {
      End client = new End(true, protocol);
      End server = new End(false, protocol);
      shakeHands(client, server, pieceBytes);
      server.receive(client.wrap("hello"));
      client.receive(server.wrap("welcome"));

      assertThat(server.received()).isEqualTo("hello");
      assertThat(client.received()).isEqualTo("welcome");
      assertThat(server.stage.session().getProtocol()).isEqualTo(protocol);
    }
  }

  @Test
  void handshakeThatBreaksOffSaysSo() throws SSLException {
    End client = new End(true, "TLSv1.3");
    End server = new End(false, "TLSv1.2");
    ByteBuffer hello = client.handshake(ByteBuffer.allocate(0));

    assertThatExceptionOfType(SSLException.class)
        .isThrownBy(() -> server.handshake(hello))
        .withMessageContaining("protocol");
    ByteBuffer alert = ByteBuffer.allocate(32 * 1024);
    server.stage.outbound(ByteBuffer.allocate(0), alert);

    assertThatExceptionOfType(SSLException.class)
        .isThrownBy(() -> client.handshake(alert.flip()))
        .withMessageContaining("protocol_version");
  }

  // ---- bytes

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void recordsMayBeSplitAnywhere(String protocol) throws SSLException {
    End[] ends = pair(protocol);
    int length = ends[0].wrap("a").remaining() + 2;
    ends = pair(protocol);
    for (int split = 0; split < 2 * length; split++) {
      ByteBuffer one = ends[0].wrap("abc");
      ByteBuffer other = ends[0].wrap("def");
      ByteBuffer wire = ByteBuffer.allocate(one.remaining() + other.remaining());
      wire.put(one).put(other).flip();
      assertThat(wire.remaining()).isEqualTo(2 * length);
      ends[1].receive(wire.slice(0, split));
      assertThat(ends[1].received()).isEqualTo(split < length ? "" : "abc");
      ends[1].receive(wire.slice(split, 2 * length - split));
      assertThat(ends[1].received()).isEqualTo(split < length ? "abcdef" : "def");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1000, 16_384, 20_000, 64 * 1024})
  void largeBytesArriveWhole(int pieceBytes) throws SSLException {
    End[] ends = pair("TLSv1.3");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      text.append(i).append(' ');
    }
    ByteBuffer wire = ends[1].wrap(text.toString());
    while (wire.hasRemaining()) {
      int length = Math.min(pieceBytes, wire.remaining());
      ends[0].receive(wire.slice(wire.position(), length));
      wire.position(wire.position() + length);
    }

    assertThat(ends[0].received()).isEqualTo(text.toString());
  }

  @Test
  void wrapsOnlyWhatFits() throws SSLException {
    End[] ends = pair("TLSv1.3");
    ByteBuffer plain = ByteBuffer.allocate(100_000);
    ByteBuffer out = ByteBuffer.allocate(40_000);
    ends[0].stage.outbound(plain, out);

    assertThat(plain.position()).isBetween(16_384, 2 * 16_384);
    ends[1].receive(out.flip());
    assertThat(ends[1].received()).hasSize(plain.position());
  }

  @Test
  void emptyWriteSaysNothing() throws SSLException {
    End[] ends = pair("TLSv1.3");

    assertThat(ends[0].wrap("").hasRemaining()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void damagedRecordIsRefusedWithAnAlert(String protocol) throws SSLException {
    End[] ends = pair(protocol);
    ByteBuffer wire = ends[0].wrap("abc");
    wire.put(wire.limit() - 1, (byte) (wire.get(wire.limit() - 1) ^ 1));

    assertThatExceptionOfType(SSLException.class).isThrownBy(() -> ends[1].receive(wire));
    ByteBuffer alert = ends[1].wrap("");
    assertThatExceptionOfType(SSLException.class)
        .isThrownBy(() -> ends[0].receive(alert))
        .withMessageContaining("bad_record_mac");
  }

  @Test
  void noiseIsRefused() throws SSLException {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      End[] ends = pair("TLSv1.2");
      byte[] noise = new byte[1 + random.nextInt(100)];
      random.nextBytes(noise);
      noise[0] = (byte) (0x14 + random.nextInt(5));
      try {
        for (byte one : noise) {
          ends[1].receive(ByteBuffer.wrap(new byte[] {one}));
        }
      } catch (SSLException e) {
        // as it should, unless the record is not complete
      }
      assertThat(ends[1].received()).isEmpty();
    }
  }

  /** The head of a record, whole or one byte at a time, and a byte of its content. */
  private static void receiveHead(End end, int length, boolean inPieces) throws SSLException {
    ByteBuffer wire = ByteBuffer.allocate(6).put(new byte[] {23, 3, 3});
    wire.putShort((short) length).put((byte) 1).flip();
    int pieceBytes = inPieces ? 1 : wire.remaining();
    for (int at = 0; at < wire.limit(); at += pieceBytes) {
      end.receive(wire.slice(at, pieceBytes));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TLSv1.2, 18433",
    "TLSv1.2, 34048",
    "TLSv1.2, 65535",
    "TLSv1.3, 16641",
    "TLSv1.3, 18432",
    "TLSv1.3, 65535",
  })
  void recordThatIsTooLongIsRefusedByItsHeadWithAnAlert(String protocol, int length)
      throws SSLException {
    for (boolean inPieces : new boolean[] {true, false}) {
      for (int receiver : new int[] {0, 1}) {
        End[] ends = pair(protocol);
        assertThatExceptionOfType(RefusedException.class)
            .isThrownBy(() -> receiveHead(ends[receiver], length, inPieces))
            .withMessageContaining("a record of " + length + " bytes");

        ByteBuffer alert = ends[receiver].wrap("");
        assertThatExceptionOfType(SSLException.class)
            .isThrownBy(() -> ends[1 - receiver].receive(alert))
            .withMessageContaining("unexpected_message");
      }
    }
  }

  /** As long as TLS 1.3 allows, and in TLS 1.2 the JDK. */
  @ParameterizedTest
  @CsvSource({"TLSv1.2, 16704", "TLSv1.3, 16640"})
  void recordMayBeLong(String protocol, int length) throws SSLException {
    End[] ends = pair(protocol);
    receiveHead(ends[1], length, false);
    receiveHead(pair(protocol)[1], length, true);

    // all of it is taken for one record, though not for one of this peer
    assertThatExceptionOfType(SSLException.class)
        .isThrownBy(() -> ends[1].receive(ByteBuffer.allocate(length - 1)));
    ByteBuffer alert = ends[1].wrap("");
    assertThatExceptionOfType(SSLException.class)
        .isThrownBy(() -> ends[0].receive(alert))
        .withMessageContaining("bad_record_mac");
  }

  /** What a record takes to encrypt leaves room for more content than is allowed. */
  @ParameterizedTest
  @CsvSource({"16384, false", "16385, true"})
  void contentThatIsTooLongIsRefused(int length, boolean isRefused) throws SSLException {
    End[] ends = pair("TLSv1.3");
    SSLEngine engine =
        new StuckEngine(ends[0].engine, HandshakeStatus.NOT_HANDSHAKING) {
          @Override
          public SSLEngineResult unwrap(ByteBuffer from, ByteBuffer[] to, int offset, int count) {
            if (!to[offset].hasRemaining()) {
              return super.unwrap(from, to, offset, count);
            }
            int consumed = from.remaining();
            from.position(from.limit());
            to[offset].put(new byte[length]);
            return new SSLEngineResult(
                SSLEngineResult.Status.OK, HandshakeStatus.NOT_HANDSHAKING, consumed, length);
          }
        };
    TlsStage stage = new TlsStage(engine, new StageBuffers());
    ByteBuffer record = ByteBuffer.allocate(5 + 16640).put(0, new byte[] {23, 3, 3, 65, 0});

    if (isRefused) {
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(() -> stage.inbound(record))
          .withMessageContaining("16385 bytes");
    } else {
      assertThat(stage.inbound(record).remaining()).isEqualTo(length);
    }
  }

  // ---- what is negotiated later

  @Test
  void keysAreUpdatedWhileBytesFlow() throws SSLException {
    End[] ends = pair("TLSv1.3");
    for (int i = 0; i < 3; i++) {
      ends[0].engine.beginHandshake();
      ByteBuffer wire = ends[0].wrap("new keys");
      ends[1].receive(wire);
      assertThat(ends[1].received()).isEqualTo("new keys");
      assertThat(ends[1].stage.wantsOutbound()).isTrue();
      ends[0].receive(ends[1].wrap("mine too"));
      assertThat(ends[0].received()).isEqualTo("mine too");
      assertThat(ends[0].stage.wantsOutbound()).isFalse();
    }
  }

  /** A client by another ClientHello, a server by a HelloRequest. RFC 5246 §7.4.1.1. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void neitherEndMayNegotiateAgain(int asking) throws SSLException {
    End[] ends = pair("TLSv1.2");
    ends[asking].engine.beginHandshake();
    ByteBuffer wire = ends[asking].wrap("");
    assertThat(wire.hasRemaining()).isTrue();

    assertThatExceptionOfType(SSLException.class)
        .isThrownBy(() -> ends[1 - asking].receive(wire))
        .withMessageContaining("negotiate again");
  }

  // ---- the end

  @Test
  void endsOneWayAtATimeInTls13() throws SSLException {
    End[] ends = pair("TLSv1.3");
    ends[1].receive(ends[0].wrap("question"));
    ends[1].receive(ends[0].end());
    assertThat(ends[1].stage.hasEnded()).isTrue();

    ends[0].receive(ends[1].wrap("answer"));
    assertThat(ends[0].received()).isEqualTo("answer");
    assertThat(ends[0].stage.hasEnded()).isFalse();
    ends[0].receive(ends[1].end());

    assertThat(ends[0].stage.hasEnded()).isTrue();
  }

  @Test
  void endsBothWaysAtOnceInTls12() throws SSLException {
    End[] ends = pair("TLSv1.2");
    ends[1].receive(ends[0].end());
    assertThat(ends[1].stage.hasEnded()).isTrue();
    assertThat(ends[1].stage.wantsOutbound()).isTrue();
    ends[0].receive(ends[1].wrap(""));

    assertThat(ends[0].stage.hasEnded()).isTrue();
    assertThatExceptionOfType(SSLException.class)
        .isThrownBy(() -> ends[1].wrap("late"))
        .withMessageContaining("nothing more can be sent");
  }

  @Test
  void bytesBehindTheEndAreDropped() throws SSLException {
    End[] ends = pair("TLSv1.3");
    ByteBuffer end = ends[0].end();
    ByteBuffer wire = ByteBuffer.allocate(end.remaining() + 100).put(end).position(0);
    wire.limit(wire.capacity());
    ends[1].receive(wire);
    ends[1].receive(ByteBuffer.allocate(50));

    assertThat(ends[1].stage.hasEnded()).isTrue();
    assertThat(ends[1].received()).isEmpty();
  }
}
