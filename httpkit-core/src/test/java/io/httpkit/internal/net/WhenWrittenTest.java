package io.httpkit.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Marks in a {@link WriteQueue}: they tell that what was before them is with the system. */
class WhenWrittenTest {
  @TempDir private Path directory = Path.of("");

  private final Wire wire = new Wire();
  private final MemoryChannel channel = wire.channel;
  private final WriteQueue output = wire.output;

  /** The marks that were told, each with what was written by then. */
  private final List<String> told = new ArrayList<>();

  @AfterEach
  void close() {
    wire.close();
  }

  private void mark(String name) {
    output.whenWritten(
        () -> told.add(name + ": " + channel.written()), () -> told.add(name + " is lost"));
  }

  private FileRegion region(String content) {
    try {
      Path path = Files.writeString(directory.resolve("file"), content);
      FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
      return new FileRegion(file, 0, content.length());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void isToldByTheLoopWhenNothingIsQueued() {
    mark("empty");
    assertThat(told).as("before the loop turns").isEmpty();
    wire.turn();
    assertThat(told).containsExactly("empty: ");
    assertThat(output.isBlocked()).isFalse();

    wire.write("ab");
    mark("written");
    wire.turn();
    assertThat(told).containsExactly("empty: ", "written: ab");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isToldBehindWhatIsQueued(boolean inLoop) {
    if (inLoop) {
      wire.inLoop();
    }
    channel.takeOnly(2);
    wire.write("abc");
    mark("one");
    wire.write("def");
    mark("two");
    mark("three");
    wire.turn();
    assertThat(told).isEmpty();
    assertThat(output.queuedBytes()).isEqualTo(4);

    channel.takeOnly(1);
    wire.writable();
    wire.turn();
    assertThat(told).containsExactly("one: abc");

    channel.takeAll();
    wire.writable();
    wire.turn();
    assertThat(told).containsExactly("one: abc", "two: abcdef", "three: abcdef");
    assertThat(output.isBlocked()).isFalse();
    assertThat(output.queuedBytes()).isZero();
  }

  @Test
  void isToldBehindAFile() {
    wire.inLoop();
    channel.takeOnly();
    output.write(region("file"));
    mark("file");
    wire.write("end");
    channel.takeOnly(3);
    wire.writable();
    wire.turn();
    assertThat(told).isEmpty();

    channel.takeAll();
    wire.writable();
    wire.turn();

    assertThat(told).hasSize(1);
    assertThat(told.get(0)).startsWith("file: file");
    assertThat(channel.written()).isEqualTo("fileend");
  }

  @Test
  void isToldBehindWhatIsCollected() {
    wire.inLoop();
    wire.protocol.onBytes =
        in -> {
          wire.protocol.take(in);
          wire.commit("one ");
          mark("one");
          wire.commit("two");
          mark("two");
        };

    wire.receive("x");
    wire.turn();

    assertThat(channel.written()).isEqualTo("one two");
    assertThat(told).hasSize(2);
    assertThat(told.get(0)).startsWith("one: one ");
    assertThat(told.get(1)).isEqualTo("two: one two");
  }

  @Test
  void markOfAnotherThreadIsToldBehindWhatIsCollected() {
    wire.inLoop();
    wire.protocol.onBytes =
        in -> {
          wire.protocol.take(in);
          wire.commit("one");
          Wire.elsewhere(() -> mark("other"));
          assertThat(channel.written()).isEmpty();
        };

    wire.receive("x");
    wire.turn();

    assertThat(told).containsExactly("other: one");
  }

  @Test
  void isToldBehindWhatIsGathered() {
    output.writeSoon(Wire.bytes("soon"));
    mark("gathered");

    wire.turn();
    wire.turn();

    assertThat(told).containsExactly("gathered: soon");
  }

  @Test
  void isLostWhenTheConnectionIsClosed() {
    wire.inLoop();
    channel.takeOnly(1);
    wire.write("abc");
    mark("waits");
    wire.connection.close(null);
    mark("late");
    wire.turn();

    assertThat(told).containsExactly("waits is lost", "late is lost");
  }

  @Test
  void isLostWhenWritingFails() {
    wire.inLoop();
    channel.takeOnly(1);
    wire.write("abc");
    mark("waits");
    channel.failWrites(new IOException("on purpose"));
    wire.writable();
    wire.turn();

    assertThat(told).containsExactly("waits is lost");
  }

  @Test
  void isToldWhileTheConnectionFinishes() {
    wire.inLoop();
    channel.takeOnly(1);
    wire.write("abc");
    mark("before");
    wire.connection.finish();
    mark("finishing");
    channel.takeAll();
    wire.writable();
    mark("after");
    wire.turn();
    assertThat(wire.protocol.seen).endsWith("closed");
    mark("late");
    wire.turn();

    assertThat(told).containsExactly("before: abc", "finishing: abc", "after: abc", "late: abc");
  }
}
