package io.httpkit.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left to the loop to write, with all that comes until then. */
class WriteSoonTest {
  private static final int MAX_GATHERED = 16 * 1024;

  private final Wire wire = new Wire();
  private final MemoryChannel channel = wire.channel;
  private final WriteQueue output = wire.output;

  @AfterEach
  void close() {
    wire.close();
  }

  private boolean writeSoon(String text) {
    return output.writeSoon(Wire.bytes(text));
  }

  @Test
  void leavesInOneWriteOfTheLoopsTurn() {
    assertThat(writeSoon("a")).isTrue();
    Wire.elsewhere(() -> writeSoon("b"));
    assertThat(writeSoon("c")).isTrue();
    assertThat(channel.written()).isEmpty();
    assertThat(output.queuedBytes()).isEqualTo(3);

    wire.turn();

    assertThat(channel.written()).isEqualTo("abc");
    assertThat(channel.writes()).isEqualTo(1);
    assertThat(output.queuedBytes()).isZero();
    wire.write("d");
    assertThat(channel.written()).isEqualTo("abcd");
  }

  @Test
  void isWrittenByWhoeverWritesAtOnceBehindIt() {
    writeSoon("a");
    wire.write("b");
    assertThat(channel.written()).isEqualTo("ab");

    wire.turn();
    assertThat(channel.written()).isEqualTo("ab");
  }

  @Test
  void isWrittenByWhoeverGathersTooMuch() {
    String half = "x".repeat(MAX_GATHERED / 2);
    writeSoon(half);
    writeSoon(half);
    assertThat(channel.written()).isEmpty();

    writeSoon("y");

    assertThat(channel.written()).isEqualTo(half + half + "y");
  }

  @Test
  void comesBehindWhatTheSocketDidNotTake() {
    channel.takeOnly(1);
    wire.write("ab");
    writeSoon("c");
    wire.turn();
    assertThat(channel.written()).isEqualTo("a");

    channel.takeAll();
    wire.writable();

    assertThat(channel.written()).isEqualTo("abc");
    assertThat(output.queuedBytes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void goesOnWhenTheSocketIsFullAgain(int first) {
    channel.takeOnly(first);
    writeSoon("abc");
    writeSoon("de");
    wire.turn();
    assertThat(channel.written()).isEqualTo("abcde".substring(0, first));
    writeSoon("f");
    wire.turn();

    channel.takeAll();
    wire.writable();
    wire.turn();

    assertThat(channel.written()).isEqualTo("abcdef");
    assertThat(output.queuedBytes()).isZero();
  }

  @Test
  void marksAreToldInOrder() {
    List<String> told = new ArrayList<>();
    writeSoon("a");
    output.whenWritten(() -> told.add("first"), () -> told.add("lost"));
    writeSoon("b");
    output.whenWritten(() -> told.add("second"), () -> told.add("lost"));

    wire.turn();
    wire.turn();

    assertThat(channel.written()).isEqualTo("ab");
    assertThat(told).containsExactly("first", "second");
  }

  @Test
  void endsWithWhatWasGathered() {
    writeSoon("last");
    wire.connection.finish();
    wire.turn();
    wire.turn();

    assertThat(channel.written()).isEqualTo("last");
    assertThat(channel.isOpen()).isFalse();
    assertThat(writeSoon("more")).isFalse();
  }

  @Test
  void closesWhenTheSocketFails() {
    writeSoon("a");
    channel.failWrites(new IOException("gone"));
    wire.turn();
    wire.turn();

    assertThat(channel.isOpen()).isFalse();
    assertThat(writeSoon("b")).isFalse();
  }

  @Test
  void keepsTheOrderOfEachOfManyThreads() throws Exception {
    int threads = 4;
    int each = 2_000;
    AtomicInteger running = new AtomicInteger(threads);
    List<Thread> started = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      char name = (char) ('a' + i);
      Thread thread =
          new Thread(
              () -> {
                for (int count = 0; count < each; count++) {
                  String text = name + Integer.toString(count) + ";";
                  boolean unused = count % 3 == 0 ? wire.write(text) : writeSoon(text);
                }
                running.decrementAndGet();
              });
      started.add(thread);
      thread.start();
    }
    while (running.get() > 0) {
      wire.turn();
    }
    for (Thread thread : started) {
      thread.join();
    }
    wire.turn();

    int[] next = new int[threads];
    for (String item : channel.written().split(";", 0)) {
      int thread = item.charAt(0) - 'a';
      assertThat(item.substring(1)).isEqualTo(Integer.toString(next[thread]++));
    }
    assertThat(next).containsOnly(each);
    assertThat(output.queuedBytes()).isZero();
  }
}
