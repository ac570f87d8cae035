package io.httpkit.internal.codec.content;

import static io.httpkit.internal.codec.content.Compressed.damaged;
import static io.httpkit.internal.codec.content.Compressed.gzip;
import static io.httpkit.internal.codec.content.Compressed.latin1;
import static io.httpkit.internal.codec.content.Compressed.without;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.httpkit.http.BadMessageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class InflatingInputStreamTest {
  private static final String TEXT = "hello ".repeat(10_000);

  /** Gives few bytes at a time, and knows whether it is closed. */
  private static final class Trickle extends ByteArrayInputStream {
    boolean closed;

    Trickle(byte[] bytes) {
      super(bytes);
    }

    @Override
    public synchronized int read(byte[] bytes, int offset, int length) {
      return super.read(bytes, offset, Math.min(length, 7));
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static InputStream inflating(InputStream coded) {
    return new InflatingInputStream(
        coded,
        ContentDecoder.of(ContentCoding.GZIP, ContentLimits.of(1 << 20)),
        refusal -> new IOException(refusal.getMessage(), refusal));
  }

  @Test
  void readsTheBodyWithoutItsCoding() throws IOException {
    try (InputStream in = inflating(new Trickle(gzip(TEXT)))) {
      assertThat(in.readAllBytes()).isEqualTo(latin1(TEXT));
      assertThat(in.read()).isEqualTo(-1);
      assertThat(in.read(new byte[5])).isEqualTo(-1);
      assertThat(in.available()).isZero();
    }
  }

  @Test
  void readsByteByByte() throws IOException {
    try (InputStream in = inflating(new Trickle(gzip("\u00ff\0a")))) {
      assertThat(in.read()).isEqualTo(0xff);
      assertThat(in.available()).isEqualTo(2);
      assertThat(in.read(new byte[0])).isZero();
      assertThat(in.read()).isZero();
      assertThat(in.read()).isEqualTo('a');
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void whatTheDecoderRefusesFailsEachRead() throws IOException {
    for (byte[] bytes : new byte[][] {without(3, gzip(TEXT)), damaged(-1, gzip(TEXT))}) {
      try (InputStream in = inflating(new Trickle(bytes))) {
        assertThat(in.readNBytes(TEXT.length())).isEqualTo(latin1(TEXT));
        for (int i = 0; i < 3; i++) {
          assertThatIOException()
              .isThrownBy(in::read)
              .withMessageStartingWith("compressed body ")
              .withCauseInstanceOf(BadMessageException.class);
        }
      }
    }
  }

  @Test
  void closesTheCodedStream() throws IOException {
    Trickle coded = new Trickle(gzip(TEXT));
    InputStream in = inflating(coded);
    assertThat(in.read()).isEqualTo('h');
    in.close();
    in.close();

    assertThat(coded.closed).isTrue();
    assertThatIOException().isThrownBy(in::read).withMessage("stream is closed");
    assertThatIOException().isThrownBy(in::available).withMessage("stream is closed");
  }
}
