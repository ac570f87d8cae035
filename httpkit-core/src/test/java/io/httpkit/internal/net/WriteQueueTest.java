package io.httpkit.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
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

class WriteQueueTest {
  private static final int HIGH = WriteQueue.HIGH_WATER_MARK;
  private static final int LOW = 16 * 1024;

  @TempDir private Path directory;

  private final Wire wire = new Wire();
  private final MemoryChannel channel = wire.channel;
  private final WriteQueue output = wire.output;

  @AfterEach
  void close() {
    wire.close();
  }

  private FileRegion region(String content) {
    return new FileRegion(file(content), 0, content.length());
  }

  private FileChannel file(String content) {
    try {
      Path path = Files.writeString(directory.resolve("file" + content.hashCode()), content);
      return FileChannel.open(path, StandardOpenOption.READ);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertClosed(FileChannel file) {
    assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(file::size);
  }

  /** Lets the socket take so many bytes each time until nothing waits. */
  private void drain(int bytesEachTime) {
    channel.takeEachTime(bytesEachTime);
    for (int i = 0; output.isBlocked(); i++) {
      assertThat(i).isLessThan(1_000);
      wire.writable();
    }
  }

  // ---- order

  @Test
  void writesAtOnceWhenNothingWaits() {
    assertThat(wire.write("hello")).isTrue();
    assertThat(channel.written()).isEqualTo("hello");
    assertThat(output.isBlocked()).isFalse();
    assertThat(output.queuedBytes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keepsTheOrderWhereverTheSocketIsFull(boolean inLoop) {
    String text = "aaaaabbbbbbcccc";
    for (int first = 0; first <= text.length(); first++) {
      for (int step : new int[] {1, 4, text.length()}) {
        try (Wire one = inLoop ? new Wire().inLoop() : new Wire()) {
          one.channel.takeOnly(first);
          assertThat(one.write("aaaaa")).isTrue();
          assertThat(one.write("bbbbbb")).isTrue();
          assertThat(one.write("cccc")).isTrue();
          assertThat(one.output.queuedBytes())
              .isEqualTo(text.length() - one.channel.written().length());
          one.channel.takeEachTime(step);
          for (int i = 0; i < text.length() && one.output.isBlocked(); i++) {
            one.writable();
          }
          assertThat(one.channel.written()).isEqualTo(text);
          assertThat(one.output.queuedBytes()).isZero();
        }
      }
    }
  }

  @Test
  void writesNothingPastWhatWaits() {
    channel.takeOnly(2);
    wire.write("abc");
    channel.takeAll();

    wire.write("def");

    assertThat(channel.written()).isEqualTo("ab");
    assertThat(output.queuedBytes()).isEqualTo(4);
    wire.writable();
    assertThat(channel.written()).isEqualTo("abcdef");
    wire.write("ghi");
    assertThat(channel.written()).isEqualTo("abcdefghi");
  }

  @Test
  void gathersWhatWaitsInOneWriteOfTheLoop() {
    wire.inLoop();
    channel.takeOnly();
    for (int i = 0; i < 100; i++) {
      wire.write("x");
    }
    channel.takeAll();
    wire.writable();

    assertThat(channel.written()).isEqualTo("x".repeat(100));
    assertThat(channel.writes()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void buffersLargerThanAnyPieceArriveWhole(boolean inLoop) {
    if (inLoop) {
      wire.inLoop();
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 60_000; i++) {
      text.append(i).append(' ');
    }
    ByteBuffer buffer = Wire.bytes(text.toString());
    channel.takeOnly(100_000, 7);

    assertThat(output.write(buffer)).isTrue();
    assertThat(channel.written()).hasSizeLessThan(text.length());
    drain(50_001);

    assertThat(channel.written()).isEqualTo(text.toString());
  }

  @Test
  void emptyBufferIsNothing() {
    channel.takeOnly();
    assertThat(wire.write("")).isTrue();
    assertThat(output.isBlocked()).isFalse();
    wire.write("a");
    assertThat(wire.write("")).isTrue();
    drain(1);
    assertThat(channel.written()).isEqualTo("a");
  }

  @Test
  void directAndReadOnlyBuffersAreWrittenToo() {
    wire.inLoop();
    output.write(ByteBuffer.allocateDirect(3).put(Wire.bytes("abc")).flip());
    output.write(Wire.bytes("def").asReadOnlyBuffer());
    output.write(Wire.bytes("__ghi__").position(2).limit(5));

    assertThat(channel.written()).isEqualTo("abcdefghi");
  }

  // ---- collecting

  @Test
  void answersOfOneDeliveryLeaveInOneWrite() {
    wire.inLoop();
    wire.protocol.onBytes =
        in -> {
          wire.protocol.take(in);
          assertThat(wire.commit("one ")).isTrue();
          assertThat(wire.commit("two ")).isTrue();
          assertThat(wire.commit("three")).isTrue();
          assertThat(channel.writes()).isZero();
        };

    wire.receive("x");

    assertThat(channel.written()).isEqualTo("one two three");
    assertThat(channel.writes()).isEqualTo(1);
  }

  @Test
  void whatWasPutIntoABufferCanBeTakenBack() {
    wire.inLoop();
    wire.protocol.onBytes =
        in -> {
          wire.protocol.take(in);
          wire.commit("a");
          ByteBuffer buffer = output.begin(10);
          int before = buffer.position();
          buffer.put(Wire.bytes("wrong")).position(before);
          wire.commit("b");
        };

    wire.receive("x");

    assertThat(channel.written()).isEqualTo("ab");
  }

  @Test
  void otherWritesOfADeliveryKeepTheirPlace() {
    wire.inLoop();
    wire.protocol.onBytes =
        in -> {
          wire.protocol.take(in);
          wire.commit("a");
          wire.write("b");
          wire.commit("c");
          output.write(region("d"));
          wire.commit("e");
          wire.write("f");
        };

    wire.receive("x");

    assertThat(channel.written()).isEqualTo("abcdef");
  }

  @Test
  void answersBeyondTheCollectingBufferKeepTheirPlace() {
    wire.inLoop();
    StringBuilder expected = new StringBuilder();
    wire.protocol.onBytes =
        in -> {
          wire.protocol.take(in);
          for (int i = 0; i < 20; i++) {
            String answer = i + "x".repeat(i == 10 ? 100_000 : 5_000);
            expected.append(answer);
            wire.commit(answer);
          }
        };

    wire.receive("x");

    assertThat(channel.written()).isEqualTo(expected.toString());
  }

  @Test
  void outsideADeliveryAnAnswerLeavesAtOnce() {
    wire.inLoop();
    wire.commit("a");
    assertThat(channel.written()).isEqualTo("a");
    Wire.elsewhere(() -> wire.commit("b"));
    assertThat(channel.written()).isEqualTo("ab");
  }

  @Test
  void anotherThreadWritesBehindWhatIsCollected() {
    wire.inLoop();
    wire.protocol.onBytes =
        in -> {
          wire.protocol.take(in);
          wire.commit("a");
          Wire.elsewhere(() -> wire.write("b"));
          Wire.elsewhere(() -> wire.commit("c"));
          assertThat(channel.written()).isEmpty();
          wire.commit("d");
          Wire.elsewhere(() -> wire.write("e"));
        };

    wire.receive("x");

    assertThat(channel.written()).isEqualTo("abcde");
    assertThat(output.isBlocked()).isFalse();
  }

  @Test
  void anotherThreadWritesBehindWhatIsOnlyCollected() {
    wire.inLoop();
    wire.protocol.onBytes =
        in -> {
          wire.protocol.take(in);
          wire.commit("a");
          Wire.elsewhere(() -> wire.write("b"));
        };

    wire.receive("x");

    assertThat(channel.written()).isEqualTo("ab");
    assertThat(output.queuedBytes()).isZero();
  }

  @Test
  void collectedBytesThatTheSocketDoesNotTakeAreKept() {
    for (int first = 0; first <= 9; first++) {
      try (Wire one = new Wire().inLoop()) {
        one.protocol.onBytes =
            in -> {
              String text = one.protocol.take(in, in.remaining());
              one.commit(text);
              Wire.elsewhere(() -> one.write("-"));
              one.commit(text);
            };
        one.channel.takeOnly(first);
        one.receive("abcd");
        one.receive("wxyz");
        one.channel.takeEachTime(3);
        for (int i = 0; i < 20 && one.output.isBlocked(); i++) {
          one.writable();
        }

        assertThat(one.channel.written()).isEqualTo("abcd-abcdwxyz-wxyz");
        assertThat(one.output.queuedBytes()).isZero();
      }
    }
  }

  @Test
  void twoConnectionsOfALoopDoNotMixWhatTheyCollect() {
    wire.inLoop();
    MemoryChannel other = new MemoryChannel();
    Connection second = new Connection(wire.connection.io(), other, new ScriptedProtocol());
    wire.protocol.onBytes =
        in -> {
          wire.protocol.take(in);
          wire.commit("mine ");
          ByteBuffer buffer = second.output().begin(6);
          second.output().commit(buffer.put(Wire.bytes("theirs")));
          wire.commit("mine too");
        };

    wire.receive("x");

    assertThat(channel.written()).isEqualTo("mine mine too");
    assertThat(other.written()).isEqualTo("theirs");
    second.close(null);
  }

  // ---- files

  @Test
  void filesKeepTheirPlace() {
    for (int step = 1; step <= 12; step++) {
      try (Wire one = new Wire().inLoop()) {
        one.channel.takeOnly();
        FileRegion file = region("-file-");
        one.write("before");
        assertThat(one.output.write(file)).isTrue();
        one.write("behind");
        assertThat(one.output.queuedBytes()).isEqualTo(18);
        one.channel.takeEachTime(step);
        for (int i = 0; i < 20 && one.output.isBlocked(); i++) {
          one.writable();
        }

        assertThat(one.channel.written()).isEqualTo("before-file-behind");
        assertThat(one.output.queuedBytes()).isZero();
      }
    }
  }

  @Test
  void largeFileArrivesWholeAndIsClosed() {
    String content = "0123456789".repeat(30_000);
    FileChannel file = file(content);

    assertThat(output.write(new FileRegion(file, 5, 250_000))).isTrue();

    assertThat(channel.written()).isEqualTo(content.substring(5, 250_005));
    assertClosed(file);
  }

  @Test
  void emptyRegionIsNothing() {
    FileChannel file = file("");

    assertThat(output.write(new FileRegion(file, 0, 0))).isTrue();
    assertThat(output.isBlocked()).isFalse();
    wire.write("a");

    assertThat(channel.written()).isEqualTo("a");
    assertClosed(file);
    wire.turn();
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void fileThatEndsEarlyClosesTheConnection() {
    FileChannel file = file("short");

    output.write(new FileRegion(file, 0, 6));
    wire.turn();

    assertThat(channel.written()).isEqualTo("short");
    assertThat(wire.protocol.closeCause)
        .isInstanceOf(EOFException.class)
        .hasMessage("file ended 1 bytes before its announced length");
    assertThat(channel.isOpen()).isFalse();
    assertClosed(file);
    assertThat(wire.errors).isEmpty();
  }

  @Test
  void fileThatIsTruncatedMeanwhileClosesTheConnection() throws IOException {
    Path path = Files.writeString(directory.resolve("shrinking"), "0123456789");
    FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
    wire.inLoop();
    channel.takeOnly(4);
    output.write(new FileRegion(file, 0, 10));
    Files.writeString(path, "01");
    channel.takeAll();

    wire.writable();
    wire.turn();

    assertThat(channel.written()).isEqualTo("0123");
    assertThat(wire.protocol.closeCause).isInstanceOf(EOFException.class);
    assertClosed(file);
  }

  @Test
  void fileThatCannotBeReadClosesTheConnection() throws IOException {
    FileChannel file = file("content");
    file.close();

    output.write(new FileRegion(file, 0, 7));
    wire.turn();

    assertThat(wire.protocol.closeCause).isInstanceOf(ClosedChannelException.class);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void closeReleasesTheFilesThatWait() {
    List<FileChannel> files = List.of(file("a"), file("b"));
    wire.inLoop();
    channel.takeOnly();
    files.forEach(file -> output.write(new FileRegion(file, 0, 1)));
    wire.write("c");

    wire.connection.close(null);

    files.forEach(WriteQueueTest::assertClosed);
    assertThat(output.queuedBytes()).isZero();
  }

  // ---- water marks

  @Test
  void isNotWritableAboveTheHighWaterMark() {
    channel.takeOnly();
    wire.write("x".repeat(HIGH));
    assertThat(output.isWritable()).isTrue();
    wire.write("x");
    assertThat(output.isWritable()).isFalse();
    assertThat(output.queuedBytes()).isEqualTo(HIGH + 1);
  }

  @Test
  void drainIsToldAtTheLowWaterMarkAndOnce() {
    wire.inLoop();
    List<String> seen = new ArrayList<>();
    channel.takeOnly();
    wire.write("x".repeat(HIGH + 1));
    output.onDrain(() -> seen.add("replaced"));
    output.onDrain(() -> seen.add("drained"));
    wire.turn();
    assertThat(seen).isEmpty();

    channel.takeOnly(HIGH - LOW);
    wire.writable();
    wire.turn();
    assertThat(output.queuedBytes()).isEqualTo(LOW + 1);
    assertThat(seen).isEmpty();

    channel.takeOnly(1);
    wire.writable();
    assertThat(seen).as("told on the loop").isEmpty();
    wire.turn();
    assertThat(seen).containsExactly("drained");

    drain(1000);
    wire.turn();
    assertThat(seen).containsExactly("drained");
  }

  @Test
  void drainIsToldAtOnceWhenLittleWaits() {
    List<String> seen = new ArrayList<>();
    output.onDrain(() -> seen.add("empty"));
    wire.turn();
    assertThat(seen).containsExactly("empty");

    channel.takeOnly();
    wire.write("x".repeat(LOW));
    output.onDrain(() -> seen.add("low"));
    wire.turn();
    assertThat(seen).containsExactly("empty", "low");
  }

  @Test
  void drainIsToldOfTheClose() {
    List<String> seen = new ArrayList<>();
    wire.inLoop();
    channel.takeOnly();
    wire.write("x".repeat(HIGH));
    output.onDrain(() -> seen.add("drained"));

    wire.connection.close(null);
    wire.turn();
    output.onDrain(() -> seen.add("later"));
    wire.turn();

    assertThat(seen).containsExactly("drained", "later");
  }

  // ---- the end

  @Test
  void finishTellsWhenAllIsWritten() {
    wire.inLoop();
    channel.takeOnly(2);
    wire.write("abcd");
    wire.connection.finish();
    wire.turn();
    assertThat(channel.isOpen()).isTrue();

    channel.takeOnly(1);
    wire.writable();
    wire.turn();
    assertThat(channel.isOpen()).isTrue();

    channel.takeAll();
    wire.writable();
    wire.turn();
    assertThat(channel.written()).isEqualTo("abcd");
    assertThat(channel.isOpen()).isFalse();
    assertThat(wire.protocol.seen).containsExactly("open", "closed");
    assertThat(wire.protocol.closeCause).isNull();
  }

  @Test
  void finishWritesWhatIsCollected() {
    wire.inLoop();
    wire.protocol.onBytes =
        in -> {
          wire.protocol.take(in);
          wire.commit("last words");
          Wire.elsewhere(() -> wire.write(" indeed"));
          wire.connection.finish();
        };

    wire.receive("x");
    wire.turn();

    assertThat(channel.written()).isEqualTo("last words indeed");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void nothingIsTakenBehindTheFinish() {
    FileChannel file = file("x");
    wire.inLoop();
    channel.takeOnly();
    wire.write("a");
    wire.connection.finish();

    assertThat(wire.write("b")).isFalse();
    assertThat(wire.commit("c")).isFalse();
    assertThat(output.write(new FileRegion(file, 0, 1))).isFalse();
    assertClosed(file);
    drain(1);
    wire.turn();
    assertThat(channel.written()).isEqualTo("a");
  }

  @Test
  void nothingIsTakenBehindTheClose() {
    FileChannel file = file("x");
    wire.inLoop();
    wire.connection.close(null);

    assertThat(wire.write("b")).isFalse();
    assertThat(wire.commit("c")).isFalse();
    assertThat(output.write(new FileRegion(file, 0, 1))).isFalse();
    assertClosed(file);
    assertThat(channel.written()).isEmpty();
  }

  @Test
  void closeDropsWhatIsCollected() throws IOException {
    wire.inLoop();
    wire.protocol.onBytes =
        in -> {
          wire.protocol.take(in);
          wire.commit("collected");
          wire.connection.close(null);
        };
    wire.receive("x");
    assertThat(channel.written()).isEmpty();

    MemoryChannel other = new MemoryChannel();
    Connection next = openOnTheSameLoop(other);
    other.receive("x");
    next.onReadable();
    next.io().writeCollected();
    assertThat(other.written()).isEqualTo("clean");
    next.close(null);
  }

  /** Answers each delivery. */
  private Connection openOnTheSameLoop(MemoryChannel other) {
    ScriptedProtocol protocol = new ScriptedProtocol();
    Connection next = new Connection(wire.connection.io(), other, protocol);
    protocol.onBytes =
        in -> {
          protocol.take(in);
          ByteBuffer buffer = next.output().begin(5);
          next.output().commit(buffer.put(Wire.bytes("clean")));
        };
    return next;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void writeThatFailsClosesTheConnection(boolean inLoop) {
    if (inLoop) {
      wire.inLoop();
    }
    IOException cause = new IOException("reset");
    channel.failWrites(cause);

    assertThat(wire.write("a")).isFalse();
    assertThat(wire.write("b")).isFalse();
    wire.turn();

    assertThat(channel.isOpen()).isFalse();
    assertThat(wire.protocol.seen).containsExactly("open", "closed");
    assertThat(wire.protocol.closeCause).isSameAs(cause);
    assertThat(wire.errors).isEmpty();
  }

  @Test
  void writeThatFailsLaterDropsWhatWaits() {
    FileChannel file = file("x");
    List<String> seen = new ArrayList<>();
    wire.inLoop();
    channel.takeOnly(1);
    wire.write("abc");
    output.write(new FileRegion(file, 0, 1));
    output.onDrain(() -> seen.add("drained"));
    IOException cause = new IOException("reset");
    channel.failWrites(cause);

    wire.writable();
    wire.turn();

    assertThat(output.queuedBytes()).isZero();
    assertClosed(file);
    assertThat(wire.protocol.closeCause).isSameAs(cause);
    assertThat(seen).containsExactly("drained");
  }

  @Test
  void failureWhileCollectedBytesLeaveClosesTheConnection() {
    IOException cause = new IOException("reset");
    wire.inLoop();
    wire.protocol.onBytes =
        in -> {
          wire.protocol.take(in);
          wire.commit("a");
          Wire.elsewhere(() -> wire.write("b"));
        };
    channel.failWrites(cause);

    wire.receive("x");
    wire.turn();

    assertThat(wire.protocol.closeCause).isSameAs(cause);
    assertThat(wire.errors).isEmpty();
    assertThat(output.queuedBytes()).isZero();
  }
}
