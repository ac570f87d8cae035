package io.httpkit.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SharedMessageTest {
  private final AtomicInteger encoded = new AtomicInteger();

  private ByteBuffer encode(SharedMessage message) {
    encoded.incrementAndGet();
    return ByteBuffer.wrap(message.bytes().clone());
  }

  @Test
  void textIsItsUtf8() {
    String text = "a \u00e9 \u20ac \ud83d\ude00";
    SharedMessage message = SharedMessage.of(text);

    assertThat(message.isText()).isTrue();
    assertThat(message.text()).isSameAs(text);
    assertThat(message.bytes()).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void bytesAreThoseThatWereGiven() {
    byte[] bytes = {'a', (byte) 0xc3, (byte) 0xa9};
    SharedMessage message = SharedMessage.of(bytes);

    assertThat(message.isText()).isFalse();
    assertThat(message.bytes()).isSameAs(bytes);
    assertThat(message.text()).isEqualTo("a\u00e9");
  }

  @Test
  void eachWayIsEncodedOnce() {
    SharedMessage message = SharedMessage.of("text");

    for (int i = 0; i < 3; i++) {
      assertThat(message.encoded("plain", this::encode))
          .isEqualTo(ByteBuffer.wrap(message.bytes()));
      assertThat(message.encoded(new String("pla") + "in", this::encode).remaining()).isEqualTo(4);
      assertThat(message.encoded("other", each -> ByteBuffer.allocate(9)).remaining()).isEqualTo(9);
    }

    assertThat(encoded).hasValue(1);
  }

  @Test
  void eachMessageHasEncodingsOfItsOwn() {
    assertThat(SharedMessage.of("a").encoded("way", this::encode).get()).isEqualTo((byte) 'a');
    assertThat(SharedMessage.of("b").encoded("way", this::encode).get()).isEqualTo((byte) 'b');
  }

  @Test
  void viewsAreIndependent() {
    SharedMessage message = SharedMessage.of("text");
    ByteBuffer first = message.encoded("way", this::encode);
    first.position(3).limit(3).mark();
    ByteBuffer second = message.encoded("way", this::encode);
    second.get();

    assertThat(message.encoded("way", this::encode)).isEqualTo(ByteBuffer.wrap(message.bytes()));
    assertThat(first.position()).isEqualTo(3);
    assertThat(second.position()).isEqualTo(1);
    assertThat(List.of(first, second)).allMatch(ByteBuffer::isReadOnly);
  }

  @Test
  void bufferOfTheEncoderMayBeUsedUpLater() {
    ByteBuffer made = ByteBuffer.wrap(new byte[] {9, 1, 2, 9}).position(1).limit(3);
    SharedMessage message = SharedMessage.of("text");
    message.encoded("way", each -> made);
    made.clear().position(4);

    assertThat(message.encoded("way", this::encode)).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
  }

  @Test
  void encoderThatFailsIsAskedAgain() {
    SharedMessage message = SharedMessage.of("text");

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                message.encoded(
                    "way",
                    each -> {
                      throw new IllegalStateException("on purpose");
                    }));

    assertThat(message.encoded("way", this::encode).remaining()).isEqualTo(4);
  }

  @Test
  void manyThreadsEncodeOnce() throws Exception {
    int threads = 4;
    int rounds = 500;
    List<SharedMessage> messages = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      messages.add(SharedMessage.of("message " + i));
    }
    CyclicBarrier barrier = new CyclicBarrier(threads);
    CompletableFuture<?>[] all = new CompletableFuture<?>[threads];
    for (int t = 0; t < threads; t++) {
      all[t] =
          CompletableFuture.runAsync(
              () -> messages.forEach(message -> readAtOnce(message, barrier)),
              task -> new Thread(task).start());
    }
    CompletableFuture.allOf(all).get(20, TimeUnit.SECONDS);

    assertThat(encoded).hasValue(rounds);
  }

  private void readAtOnce(SharedMessage message, CyclicBarrier barrier) {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    byte[] read = new byte[message.bytes().length];
    message.encoded("way", this::encode).get(read);
    assertThat(read).isEqualTo(message.bytes());
  }
}
