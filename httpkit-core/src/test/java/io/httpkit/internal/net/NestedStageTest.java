package io.httpkit.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection with a stage within another: {@code [(text)]}. */
class NestedStageTest {
  private final Wire wire = new Wire().inLoop();
  private final Brackets outer = Brackets.square();
  private final Brackets inner = Brackets.round();

  @AfterEach
  void close() {
    wire.close();
  }

  /** Gives the connection the stage when its protocol gets the mark, which it takes. */
  private static void secureAt(String mark, Wire some, ByteStage stage, Runnable then) {
    some.protocol.onBytes =
        in -> {
          if (in.remaining() >= mark.length()) {
            some.protocol.take(in, mark.length());
            some.connection.secure(stage);
            some.protocol.onBytes = some.protocol::take;
            then.run();
            // what is unread is offered to whoever is next
            ScriptedProtocol next = new ScriptedProtocol();
            next.onBytes = unread -> some.connection.switchTo(some.protocol);
            some.connection.switchTo(next);
          }
        };
  }

  private static void secure(Wire some, ByteStage outer, ByteStage inner) {
    secureAt("o", some, outer, () -> secureAt("i", some, inner, () -> {}));
    some.receive("o");
    some.receive("[i]");
    some.protocol.received.setLength(0);
  }

  private void secure() {
    secure(wire, outer, inner);
  }

  // ---- what goes through which

  @Test
  void bytesGoThroughBoth() {
    secure();
    wire.write("question");
    wire.receive("[(ans][wer)]");

    assertThat(wire.channel.written()).isEqualTo("[(question)]");
    assertThat(wire.protocol.received).hasToString("answer");
  }

  /** Wherever what comes is cut into two reads. */
  @Test
  void unreadBytesGoThroughTheStagesThatTheyHaveNotPassed() {
    String all = "outer[inner(abc)(d][ef)]";
    for (int split = 0; split <= all.length(); split++) {
      try (Wire one = new Wire().inLoop()) {
        Brackets innermost = Brackets.round();
        secureAt(
            "outer", one, Brackets.square(), () -> secureAt("inner", one, innermost, () -> {}));
        // a read of nothing is the end
        for (String part : List.of(all.substring(0, split), all.substring(split))) {
          if (!part.isEmpty()) {
            one.receive(part);
          }
        }
        assertThat(one.protocol.received).as("split at " + split).hasToString("outerinnerabcdef");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatWaitsGoesThroughTheStageOfItsTime(boolean inLoop) {
    String records = "ab[cde][fg][(hij)][(kl)]";
    for (int first = 0; first <= records.length(); first++) {
      for (int step : new int[] {1, 4, records.length()}) {
        try (Wire one = new Wire()) {
          if (inLoop) {
            one.inLoop();
          }
          one.channel.takeOnly(first, 0, 0);
          one.write("a");
          one.write("b");
          one.inLoop();
          secureAt("o", one, Brackets.square(), () -> {});
          one.receive("o");
          one.write("cde");
          one.write("fg");
          secureAt("i", one, Brackets.round(), () -> {});
          one.receive("[i]");
          one.write("hij");
          one.write("kl");
          one.channel.takeEachTime(step);
          for (int i = 0; i < 2 * records.length() && one.output.isBlocked(); i++) {
            one.writable();
          }
          String written = one.channel.written();
          assertThat(written).startsWith("ab[cde");
          String within = Brackets.square().text(written.substring(2));
          assertThat(within).startsWith("cdefg(");
          assertThat(Brackets.round().text(within.substring(5))).isEqualTo("hijkl");
          assertThat(one.output.queuedBytes()).isZero();
        }
      }
    }
  }

  @Test
  void thereIsNoThirdStage() {
    secure();
    List<Throwable> thrown = new ArrayList<>();
    wire.protocol.onBytes =
        in -> {
          wire.protocol.take(in);
          assertThatIllegalStateException()
              .isThrownBy(() -> wire.connection.secure(Brackets.square()))
              .satisfies(thrown::add);
        };
    wire.receive("[(x)]");

    assertThat(thrown).hasSize(1);
  }

  // ---- how much at a time

  /** Also when the outer stage speaks itself, and asks for twice the room that a record takes. */
  @ParameterizedTest
  @CsvSource({"16709, 16709", "16709, 33093", "33093, 16709", "33093, 33093"})
  void outerStageHasRoomForAllOfTheInner(int innerMustBeFree, int outerMustBeFree) {
    inner.maxRecord = 16_384;
    inner.mustBeFree = innerMustBeFree;
    outer.maxRecord = 16_384;
    outer.mustBeFree = outerMustBeFree;
    secure();
    String text = "0123456789".repeat(500_000);
    wire.channel.takeEachTime(223_457);
    outer.notice = "[" + "x".repeat(300) + "]";
    Wire.elsewhere(() -> wire.write(text));
    for (int i = 0; wire.output.isBlocked(); i++) {
      assertThat(i).isLessThan(1_000);
      wire.writable();
    }

    String within = outer.text(wire.channel.written()).replace("x", "");
    assertThat(inner.text(within).equals(text)).isTrue();
  }

  @Test
  void outerStageWithoutRoomEndsTheConnection() {
    inner.maxRecord = 16_384;
    outer.maxRecord = 1;
    secure();
    wire.write("0123456789".repeat(10_000));
    wire.turn();

    assertThat(wire.channel.isOpen()).isFalse();
    assertThat(wire.protocol.closeCause).hasMessageContaining("no room for");
  }

  // ---- what the stages say themselves

  @ParameterizedTest
  @CsvSource({"update, '', update", "'', update, [update]", "one, two, one[two]"})
  void eachStageMaySpeak(String ofOuter, String ofInner, String written) {
    secure();
    outer.notice = ofOuter;
    inner.notice = ofInner;
    wire.receive("[(in)]");

    assertThat(wire.channel.written()).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void innerEndIsSaidBeforeTheOuter(boolean blocked) {
    secure();
    if (blocked) {
      wire.channel.takeOnly(2);
    }
    wire.write("answer");
    wire.connection.finish();
    wire.channel.takeAll();
    wire.writable();
    wire.turn();

    assertThat(wire.channel.written()).isEqualTo("[(answer)][?]!");
    assertThat(wire.channel.isOpen()).isFalse();
  }

  // ---- the end of the peer

  @ParameterizedTest
  @CsvSource({
    "[(in)?], false",
    "[(in)?]!, false",
    // said by whoever is in between
    "[(in)]!, true",
  })
  void endIsThePeersIfTheInnerStageSaysSo(String in, boolean truncated) {
    secure();
    wire.receive(in);

    assertThat(wire.protocol.received).hasToString("in");
    assertThat(wire.protocol.seen).endsWith("eof");
    assertThat(wire.connection.isHalfOpen()).isTrue();
    assertThat(wire.connection.isTruncated()).isEqualTo(truncated);
    wire.write("late");
    assertThat(wire.channel.written()).isEqualTo("[(late)]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[(in)]", "[(in"})
  void endOfTheSocketIsTruncation(String in) {
    secure();
    wire.receive(in);
    wire.receiveEnd();

    assertThat(wire.protocol.seen).endsWith("eof");
    assertThat(wire.connection.isTruncated()).isTrue();
  }

  // ---- failure

  @ParameterizedTest
  @CsvSource({"true, alert", "false, [alert]"})
  void stageThatFailsHasLastWords(boolean isOuter, String written) {
    secure();
    Brackets failing = isOuter ? outer : inner;
    failing.fails = true;
    failing.notice = "alert";
    wire.receive("[(bad)]");

    assertThat(wire.channel.written()).isEqualTo(written);
    assertThat(wire.protocol.closeCause).isInstanceOf(SSLException.class);
    assertThat(wire.errors).isEmpty();
  }
}
