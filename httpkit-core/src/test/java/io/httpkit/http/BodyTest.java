package io.httpkit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BodyTest {
  private static final byte[] ABCDEF = "abcdef".getBytes(StandardCharsets.US_ASCII);

  private static byte[] content(Body body) {
    Body.Bytes bytes = (Body.Bytes) body;
    return Arrays.copyOfRange(bytes.array(), bytes.offset(), bytes.offset() + bytes.length());
  }

  private static byte[] cde() {
    return "cde".getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void textIsUtf8() {
    assertThat(content(Body.of("é€"))).isEqualTo("é€".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void emptyBodyHasNoBytes() {
    assertThat(content(Body.EMPTY)).isEmpty();
    assertThat(content(Body.of(""))).isEmpty();
  }

  @Test
  void arrayIsNotCopied() {
    assertThat(((Body.Bytes) Body.of(ABCDEF)).array()).isSameAs(ABCDEF);
    assertThat(content(Body.of(ABCDEF))).isEqualTo(ABCDEF);
  }

  @Test
  void whatRemainsInABufferIsTaken() {
    ByteBuffer heap = ByteBuffer.wrap(ABCDEF, 2, 3);
    ByteBuffer slice = ByteBuffer.wrap(ABCDEF, 1, 5).slice().position(1).limit(4);
    for (ByteBuffer buffer : List.of(heap, slice)) {
      Body.Bytes body = (Body.Bytes) Body.of(buffer);
      assertThat(body.array()).isSameAs(ABCDEF);
      assertThat(content(body)).isEqualTo(cde());
      assertThat(buffer.remaining()).isEqualTo(3);
    }
  }

  @Test
  void bufferWithoutArrayIsCopied() {
    ByteBuffer direct = ByteBuffer.allocateDirect(6).put(ABCDEF).position(2).limit(5);
    ByteBuffer readOnly = ByteBuffer.wrap(ABCDEF, 2, 3).asReadOnlyBuffer();
    for (ByteBuffer buffer : List.of(direct, readOnly)) {
      assertThat(content(Body.of(buffer))).isEqualTo(cde());
      assertThat(buffer.remaining()).isEqualTo(3);
    }
  }

  @Test
  void streamHasALengthOrNot() {
    InputStream stream = InputStream.nullInputStream();
    assertThat(Body.of(stream)).isEqualTo(new Body.Stream(stream, Body.UNKNOWN_LENGTH));
    assertThat(Body.of(stream, 0)).isEqualTo(new Body.Stream(stream, 0));
    assertThat(Body.of(stream, 1L << 40)).isEqualTo(new Body.Stream(stream, 1L << 40));
  }

  @Test
  void rejectsStreamOfNegativeLength() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Body.of(InputStream.nullInputStream(), -2))
        .withMessage("length must not be negative but was -2");
  }

  @Test
  void fileAndPartsAreKept() {
    assertThat(Body.of(Path.of("a"))).isEqualTo(new Body.File(Path.of("a")));
    List<Object> parts = List.of("a", ABCDEF);
    assertThat(Body.ofParts(parts)).isEqualTo(new Body.Parts(parts));
  }
}
