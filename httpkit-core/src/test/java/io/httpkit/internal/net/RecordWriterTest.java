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
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A queue with a stage: one whose records can be read, {@code [text]}. */
class RecordWriterTest {
  private static final int HIGH = WriteQueue.HIGH_WATER_MARK;

  @TempDir private Path directory;

  private final Wire wire = new Wire();
  private final Brackets stage = Brackets.square();

  @AfterEach
  void close() {
    wire.close();
  }

  /** Gives the connection the stage, as a protocol does it when it gets bytes. */
  private Wire secured(Wire some, Brackets with) {
    some.protocol.onBytes =
        in -> {
          in.position(in.position() + 1);
          some.connection.secure(with);
          some.protocol.onBytes = some.protocol::take;
        };
    some.receive("s");
    return some;
  }

  private Wire secured() {
    return secured(wire.inLoop(), stage);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keepsTheOrderWhereverTheSocketIsFull(boolean inLoop) {
    String records = "[aaaaa][bbbbbbcccc]";
    for (int first = 0; first <= records.length(); first++) {
      for (int step : new int[] {1, 4, records.length()}) {
        Brackets brackets = Brackets.square();
        try (Wire one = secured(new Wire().inLoop(), brackets)) {
          one.channel.takeOnly(first, 0, 0);
          Runnable writes =
              () -> {
                assertThat(one.write("aaaaa")).isTrue();
                assertThat(one.write("bbbbbb")).isTrue();
                assertThat(one.write("cccc")).isTrue();
              };
          if (inLoop) {
            writes.run();
          } else {
            Wire.elsewhere(writes);
          }
          one.channel.takeEachTime(step);
          for (int i = 0; i < 2 * records.length() && one.output.isBlocked(); i++) {
            one.writable();
          }
          assertThat(stage.text(one.channel.written())).isEqualTo("aaaaabbbbbbcccc");
          assertThat(one.output.queuedBytes()).isZero();
        }
      }
    }
  }

  @Test
  void smallBuffersThatWaitBecomeOneRecord() {
    secured();
    wire.channel.takeOnly();
    wire.write("a");
    for (int i = 0; i < 100; i++) {
      wire.write("x");
    }
    wire.channel.takeAll();
    wire.writable();

    assertThat(wire.channel.written()).isEqualTo("[a][" + "x".repeat(100) + "]");
    assertThat(wire.channel.writes()).isEqualTo(2);
  }

  @Test
  void whatIsAnsweredDuringADeliveryLeavesAsOneRecord() {
    secured();
    wire.protocol.onBytes =
        in -> {
          wire.protocol.take(in);
          wire.commit("one");
          wire.commit("two");
        };
    wire.receive("[question]");

    assertThat(wire.protocol.received).hasToString("question");
    assertThat(wire.channel.written()).isEqualTo("[onetwo]");
    assertThat(wire.channel.writes()).isEqualTo(1);
  }

  @Test
  void whatWasWrittenBeforeIsNotWrapped() {
    wire.inLoop();
    wire.channel.takeOnly(2);
    wire.write("plain");
    secured();
    wire.write("text");
    wire.channel.takeAll();
    wire.writable();

    assertThat(wire.channel.written()).isEqualTo("plain[text]");
  }

  @Test
  void unreadBytesGoThroughTheStage() {
    wire.inLoop();
    wire.protocol.onBytes =
        in -> {
          if (in.remaining() > 4) {
            wire.protocol.take(in, 1);
            ScriptedProtocol next = new ScriptedProtocol();
            wire.protocol.onBytes = wire.protocol::take;
            wire.connection.secure(stage);
            wire.connection.switchTo(next);
            wire.protocol.onEof = () -> {};
            wire.connection.switchTo(wire.protocol);
          }
        };
    wire.receive("s[a");
    wire.receive("bc]");
    wire.receive("[def]!");

    assertThat(wire.protocol.received).hasToString("sabcdef");
    assertThat(wire.protocol.seen).endsWith("eof");
  }

  @Test
  void waterMarksAndStallsCountRecordsThatWait() {
    secured();
    stage.maxRecord = 16_000;
    wire.channel.takeOnly();
    wire.write("x".repeat(HIGH - 100));
    assertThat(wire.output.isWritable()).isTrue();
    wire.write("x".repeat(200));
    assertThat(wire.output.isWritable()).isFalse();
    assertThat(wire.output.queuedBytes()).isBetween(HIGH + 100L, HIGH + 200L);
    List<String> drained = new ArrayList<>();
    wire.output.onDrain(() -> drained.add("drained"));
    wire.tickAfter(Wire.WRITE_NANOS);
    assertThat(wire.channel.isOpen()).isTrue();
    wire.channel.takeOnly(40_000);
    wire.writable();
    wire.tickAfter(Wire.WRITE_NANOS);
    wire.turn();
    assertThat(drained).isEmpty();
    wire.channel.takeAll();
    wire.writable();
    wire.turn();
    assertThat(drained).containsExactly("drained");
    wire.channel.takeOnly();
    wire.write("late");
    wire.tickAfter(Wire.WRITE_NANOS + 1);

    assertThat(wire.channel.isOpen()).isFalse();
  }

  @Test
  void writtenIsSaidWhenTheRecordsAreWithTheSystem() {
    secured();
    List<String> told = new ArrayList<>();
    wire.channel.takeOnly(3);
    wire.write("abc");
    wire.output.whenWritten(() -> told.add("written"), () -> told.add("lost"));
    wire.turn();
    assertThat(told).isEmpty();
    wire.channel.takeAll();
    wire.writable();
    wire.turn();

    assertThat(told).containsExactly("written");
    assertThat(wire.channel.written()).isEqualTo("[abc]");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1_000, 1_000_000})
  void filesAreReadAndWrapped(int step) throws IOException {
    secured();
    StringBuilder content = new StringBuilder();
    for (int i = 0; i < (step < 10 ? 500 : 100_000); i++) {
      content.append(i).append(' ');
    }
    FileChannel file = open(content.toString());
    wire.channel.takeEachTime(step);
    wire.output.write(new FileRegion(file, 2, content.length() - 2));
    wire.write("behind");
    for (int i = 0; wire.output.isBlocked(); i++) {
      assertThat(i).isLessThan(10_000);
      wire.writable();
    }

    assertThat(stage.text(wire.channel.written())).isEqualTo(content.substring(2) + "behind");
    assertThat(file.isOpen()).isFalse();
  }

  private FileChannel open(String content) {
    try {
      Path path = Files.writeString(directory.resolve("file"), content);
      return FileChannel.open(path, StandardOpenOption.READ);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void fileThatHasBecomeShorterEndsTheConnection() throws IOException {
    secured();
    FileChannel file = open("short");
    wire.output.write(new FileRegion(file, 0, 10));
    for (int i = 0; i < 3; i++) {
      wire.writable();
    }
    wire.turn();

    assertThat(wire.channel.isOpen()).isFalse();
    assertThat(file.isOpen()).isFalse();
  }

  @Test
  void largeBuffersArriveWholeFromAnyThread() {
    secured();
    String text = "0123456789".repeat(300_000);
    wire.channel.takeEachTime(123_457);
    Wire.elsewhere(() -> wire.write(text));
    for (int i = 0; wire.output.isBlocked(); i++) {
      assertThat(i).isLessThan(1_000);
      wire.writable();
    }

    assertThat(stage.text(wire.channel.written()).equals(text)).isTrue();
  }

  @Test
  void gatheredMessagesAreWrapped() {
    secured();
    wire.output.writeSoon(Wire.bytes("one"));
    wire.output.writeSoon(Wire.bytes("two"));
    wire.turn();

    assertThat(wire.channel.written()).isEqualTo("[onetwo]");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void stageSaysItsOwnBetweenRecords(boolean blocked) {
    secured();
    if (blocked) {
      wire.channel.takeOnly(2);
      wire.write("abc");
    }
    stage.notice = "?";
    wire.receive("[in]");
    wire.channel.takeAll();
    wire.writable();
    wire.write("def");

    assertThat(wire.channel.written()).isEqualTo(blocked ? "[abc]?[def]" : "?[def]");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void endIsSaidBehindAllElse(boolean blocked) {
    secured();
    if (blocked) {
      wire.channel.takeOnly(2);
    }
    wire.write("answer");
    wire.connection.finish();
    assertThat(wire.write("late")).isFalse();
    wire.channel.takeAll();
    wire.writable();
    wire.turn();

    assertThat(wire.channel.written()).isEqualTo("[answer]!");
    assertThat(wire.channel.isOpen()).isFalse();
  }

  @Test
  void endIsSaidBeforeLingering() {
    secured();
    wire.write("answer");
    wire.connection.finishAndLinger();
    wire.turn();
    assertThat(wire.channel.written()).isEqualTo("[answer]!");
    assertThat(wire.channel.isOutputEnded()).isTrue();
    stage.fails = true;
    wire.receive("dropped without being looked at");
    assertThat(wire.channel.isOpen()).isTrue();
    wire.receiveEnd();

    assertThat(wire.channel.isOpen()).isFalse();
    assertThat(wire.errors).isEmpty();
  }

  @Test
  void peerThatSaysItEndsMayStillRead() {
    secured();
    wire.receive("[question]!");

    assertThat(wire.protocol.received).hasToString("question");
    assertThat(wire.protocol.seen).containsExactly("open", "eof");
    assertThat(wire.connection.isHalfOpen()).isTrue();
    assertThat(wire.connection.isTruncated()).isFalse();
    wire.write("answer");
    wire.connection.finish();
    wire.turn();
    assertThat(wire.channel.written()).isEqualTo("[answer]!");
  }

  @Test
  void peerThatEndsWithoutSayingSoIsTruncated() {
    secured();
    wire.receive("[question]");
    wire.receiveEnd();

    assertThat(wire.protocol.seen).containsExactly("open", "eof");
    assertThat(wire.connection.isTruncated()).isTrue();
  }

  @Test
  void plaintextIsNeverTruncated() {
    wire.inLoop();
    wire.receiveEnd();

    assertThat(wire.connection.isTruncated()).isFalse();
    assertThat(wire.connection.tlsSession()).isNull();
  }

  @Test
  void recordThatCannotBeReadClosesWithLastWords() {
    secured();
    stage.fails = true;
    stage.notice = "alert";
    wire.receive("[bad]");

    assertThat(wire.channel.written()).isEqualTo("alert");
    assertThat(wire.protocol.closeCause).isInstanceOf(SSLException.class);
    assertThat(wire.errors).isEmpty();
  }
}
