package io.httpkit.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.httpkit.internal.net.StageBuffers;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientHelloTest {
  /** What the JDK's client says, in one record. */
  private static byte[] hello(@Nullable String host) {
    try {
      SSLEngine engine = SSLContext.getDefault().createSSLEngine();
      engine.setUseClientMode(true);
      if (host != null) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(host)));
        engine.setSSLParameters(parameters);
      }
      engine.beginHandshake();
      ByteBuffer out = ByteBuffer.allocate(32 * 1024);
      TlsStage.Step unused =
          new TlsStage(engine, new StageBuffers()).handshake(ByteBuffer.allocate(0), out);
      byte[] bytes = new byte[out.flip().remaining()];
      out.get(bytes);
      return bytes;
    } catch (GeneralSecurityException | SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same message in records of so many bytes. */
  private static byte[] inRecordsOf(int size, byte[] hello) {
    ByteBuffer out = ByteBuffer.allocate(6 * hello.length);
    for (int at = 5; at < hello.length; at += size) {
      int length = Math.min(size, hello.length - at);
      out.put(hello, 0, 3).putShort((short) length).put(hello, at, length);
    }
    byte[] bytes = new byte[out.flip().remaining()];
    out.get(bytes);
    return bytes;
  }

  private static void assertName(byte[] bytes, @Nullable String expected) throws SSLException {
    for (int length = 0; length < bytes.length; length++) {
      assertThat(ClientHello.parse(ByteBuffer.wrap(bytes, 0, length))).isNull();
    }
    ByteBuffer in = ByteBuffer.allocate(bytes.length + 10).put(bytes).position(0);
    ClientHello hello = Objects.requireNonNull(ClientHello.parse(in));
    assertThat(hello.serverName()).isEqualTo(expected);
    assertThat(in.position()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"example.com, example.com", "WWW.Example.COM, www.example.com", ", "})
  void tellsTheHostWhenAllHasCome(@Nullable String host, @Nullable String expected)
      throws SSLException {
    assertName(hello(host), expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 60, 100, 300})
  void messageMayBeInSeveralRecords(int size) throws SSLException {
    assertName(inRecordsOf(size, hello("example.com")), "example.com");
  }

  @Test
  void messageMayNotBeInManyRecords() {
    byte[] bytes = inRecordsOf(1, hello("example.com"));

    assertRefused(bytes, "more than 16 records", Alert.HANDSHAKE_FAILURE);
  }

  @ParameterizedTest
  @CsvSource({
    "16030100ff02000100, message of type 2, UNEXPECTED_MESSAGE",
    "1603014000010040010303, a ClientHello of 16385 bytes, HANDSHAKE_FAILURE",
    "16030100040100ffff, a ClientHello of 65535 bytes, HANDSHAKE_FAILURE",
    "160301000101 1603010003004001, a ClientHello of 16385 bytes, HANDSHAKE_FAILURE",
    "1603010000, length 0, UNEXPECTED_MESSAGE",
    "1603014001, a record of 16385 bytes, RECORD_OVERFLOW",
    "160301ffff0100, a record of 65535 bytes, RECORD_OVERFLOW",
    "1603014001010040010303, a record of 16385 bytes, RECORD_OVERFLOW",
    "160301000401000010 1603014001, a record of 16385 bytes, RECORD_OVERFLOW",
    "1602010010, version 2.1, DECODE_ERROR",
    "1703010010, type 23, UNEXPECTED_MESSAGE",
    "160301000401000000, lengths within, DECODE_ERROR",
  })
  void refusesWhatIsNotOneAsSoonAsThatIsKnown(String hex, String message, Alert alert) {
    assertRefused(HexFormat.of().parseHex(hex.replace(" ", "")), message, alert);
  }

  private static void assertRefused(byte[] bytes, String message, Alert alert) {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> ClientHello.parse(ByteBuffer.wrap(bytes)))
        .withMessageContaining(message)
        .extracting(RefusedException::alert)
        .isEqualTo(alert);
  }

  @Test
  void recordMayBeAsLongAsTheProtocolAllows() throws SSLException {
    byte[] head = HexFormat.of().parseHex("16030140000100100003");

    assertThat(ClientHello.parse(ByteBuffer.wrap(head))).isNull();
  }

  @Test
  void damageIsRefusedOrHarmless() {
    Random random = new Random(1);
    byte[] hello = hello("example.com");
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = hello.clone();
      for (int j = random.nextInt(4); j >= 0; j--) {
        damaged[5 + random.nextInt(damaged.length - 5)] = (byte) random.nextInt(256);
      }
      try {
        ClientHello unused = ClientHello.parse(ByteBuffer.wrap(damaged));
      } catch (SSLException e) {
        refused++;
      }
    }

    assertThat(refused).isBetween(100, 19_999);
  }
}
