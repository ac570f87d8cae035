package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.http.Headers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestBodyTest {
  private final List<RequestBody> complete = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 511, 512, 513, 5_000, 100_000})
  void takesMemoryForWhatHasComeAndNotForWhatIsAnnounced(int received) {
    RequestBody body = new RequestBody(8 * 1024 * 1024, complete::add);
    body.add(ByteBuffer.allocate(received));
    body.end(Headers.empty());
    assertThat(complete.get(0).length()).isEqualTo(received);
    assertThat(complete.get(0).array()).hasSizeLessThanOrEqualTo(Math.max(512, 2 * received));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 10_000})
  void keepsTheBytesInOrder(long announced) {
    RequestBody body = new RequestBody(announced, complete::add);
    byte[] expected = new byte[10_000];
    int length = 0;
    for (int i = 0; length < expected.length; i++) {
      byte[] piece = new byte[Math.min(i, expected.length - length)];
      java.util.Arrays.fill(piece, (byte) i);
      System.arraycopy(piece, 0, expected, length, piece.length);
      length += piece.length;
      body.add(ByteBuffer.wrap(piece));
    }
    assertThat(complete).isEmpty();
    body.end(Headers.of("X", "y"));
    assertThat(complete).hasSize(1);
    assertThat(complete.get(0).bytes()).isEqualTo(expected);
    assertThat(complete.get(0).trailers()).isEqualTo(Headers.of("X", "y"));
  }

  @Test
  void takesNoMoreMemoryThanWasAnnounced() {
    RequestBody body = new RequestBody(700, complete::add);
    body.add(ByteBuffer.allocate(600));
    body.add(ByteBuffer.allocate(100));
    body.end(Headers.empty());
    assertThat(complete.get(0).array()).hasSize(700);
  }
}
