package io.httpkit.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionTest {
  private final Wire wire = new Wire().inLoop();
  private final MemoryChannel channel = wire.channel;
  private final ScriptedProtocol protocol = wire.protocol;
  private final Connection connection = wire.connection;

  private final List<ScriptedProtocol> protocols = new ArrayList<>(List.of(protocol));

  /** A protocol for the connection to be switched to. */
  private ScriptedProtocol another() {
    ScriptedProtocol another = new ScriptedProtocol();
    protocols.add(another);
    return another;
  }

  @AfterEach
  void oneProtocolIsToldOfTheCloseOnceAndLast() {
    wire.close();
    assertThat(protocols)
        .filteredOn(one -> one.seen.contains("closed"))
        .singleElement()
        .satisfies(one -> assertThat(one.seen).containsOnlyOnce("closed").endsWith("closed"));
  }

  // ---- bytes that come in

  @Test
  void unreadBytesAreOfferedAgainWithWhatFollows() {
    List<String> offered = new ArrayList<>();
    protocol.onBytes =
        in -> {
          offered.add(ScriptedProtocol.peek(in));
          protocol.take(in, in.remaining() / 2);
        };

    wire.receive("abcd");
    wire.receive("ef");
    wire.receive("ghi");

    assertThat(offered).containsExactly("abcd", "cdef", "efghi");
    assertThat(protocol.received).hasToString("abcdef");
  }

  @Test
  void unreadBytesGrowOneByOne() {
    StringBuilder sent = new StringBuilder();
    protocol.onBytes =
        in -> {
          if (!ScriptedProtocol.peek(in).contentEquals(sent)) {
            throw new IllegalStateException("after " + sent.length());
          }
        };

    for (int i = 0; i < 2_000; i++) {
      String next = String.valueOf((char) ('a' + i % 26));
      sent.append(next);
      wire.receive(next);
    }
    assertThat(wire.errors).isEmpty();
    protocol.onBytes = protocol::take;
    wire.receive("!");

    assertThat(protocol.received).hasToString(sent + "!");
  }

  @Test
  void unreadBytesMoveOnLikeAWindow() {
    StringBuilder sent = new StringBuilder();
    protocol.onBytes =
        in -> {
          int kept = 100;
          if (in.remaining() > kept) {
            protocol.take(in, in.remaining() - kept);
          }
        };

    for (int i = 0; i < 500; i++) {
      String next = i + ",";
      sent.append(next);
      wire.receive(next);
    }
    wire.receive("x".repeat(60_000));
    protocol.onBytes = protocol::take;
    connection.offerUnread();

    assertThat(protocol.received).hasToString(sent + "x".repeat(60_000));
  }

  @Test
  void unreadBytesAreOfferedWhenTheProtocolWantsThem() {
    protocol.onBytes = in -> {};
    wire.receive("abc");
    protocol.onBytes = protocol::take;

    connection.offerUnread();
    connection.offerUnread();

    assertThat(protocol.received).hasToString("abc");
  }

  @Test
  void unreadBytesAreACopyOfWhatTheLoopReads() throws IOException {
    MemoryChannel otherChannel = new MemoryChannel();
    ScriptedProtocol otherProtocol = new ScriptedProtocol();
    Connection other = new Connection(connection.io(), otherChannel, otherProtocol);
    protocol.onBytes = in -> protocol.take(in, 1);
    wire.receive("abc");
    otherChannel.receive("xyz");
    other.onReadable();
    protocol.onBytes = protocol::take;
    wire.receive("d");

    assertThat(protocol.received).hasToString("abcd");
    assertThat(otherProtocol.received).hasToString("xyz");
    other.close(null);
  }

  // ---- another protocol

  @Test
  void nextProtocolGetsTheUnreadBytesAtOnce() {
    ScriptedProtocol next = another();
    protocol.onBytes =
        in -> {
          protocol.take(in, 3);
          connection.switchTo(next);
        };

    wire.receive("oldnew");
    wire.receive("er");

    assertThat(protocol.received).hasToString("old");
    assertThat(next.received).hasToString("newer");
    assertThat(next.seen).containsExactly("open");
    connection.close(null);
    assertThat(next.seen).containsExactly("open", "closed");
  }

  @Test
  void nextProtocolGetsTheBytesKeptFromEarlierToo() {
    ScriptedProtocol next = another();
    protocol.onBytes = in -> {};
    wire.receive("abc");
    wire.receive("def");

    connection.switchTo(next);
    assertThat(next.received).isEmpty();
    connection.offerUnread();
    wire.receive("g");

    assertThat(next.received).hasToString("abcdefg");
    connection.close(null);
  }

  @Test
  void protocolsMaySwitchInTurn() {
    ScriptedProtocol next = another();
    protocol.onBytes =
        in -> {
          if (in.hasRemaining()) {
            protocol.take(in, 1);
            connection.switchTo(next);
          }
        };
    next.onBytes =
        in -> {
          if (in.hasRemaining()) {
            next.take(in, 1);
            connection.switchTo(protocol);
          }
        };

    wire.receive("abcdef");

    assertThat(protocol.received).hasToString("ace");
    assertThat(next.received).hasToString("bdf");
  }

  @Test
  void protocolThatClosesAsItOpensGetsNoBytes() {
    ScriptedProtocol next = another();
    next.onOpen = () -> connection.close(null);
    protocol.onBytes = in -> connection.switchTo(next);

    wire.receive("abc");

    assertThat(next.seen).containsExactly("open", "closed");
    assertThat(next.received).isEmpty();
  }

  // ---- the end of what comes in

  @Test
  void halfOpenConnectionStillWrites() {
    wire.receive("a");
    assertThat(connection.isHalfOpen()).isFalse();
    wire.receiveEnd();

    assertThat(protocol.seen).containsExactly("open", "eof");
    assertThat(connection.isHalfOpen()).isTrue();
    assertThat(wire.write("answer")).isTrue();
    connection.resumeReading();
    connection.finish();
    wire.turn();

    assertThat(channel.written()).isEqualTo("answer");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void unreadBytesAreOfferedBehindTheEndToo() {
    protocol.onBytes = in -> {};
    wire.receive("abc");
    wire.receiveEnd();
    protocol.onBytes = protocol::take;
    connection.offerUnread();

    assertThat(protocol.received).hasToString("abc");
  }

  @Test
  void readThatFailsClosesWithoutAReport() {
    IOException cause = new IOException("reset");
    channel.failReads(cause);
    wire.read();

    assertThat(protocol.closeCause).isSameAs(cause);
    assertThat(wire.errors).isEmpty();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void protocolThatThrowsIsReportedAndClosed() {
    RuntimeException cause = new IllegalStateException("boom");
    protocol.onBytes =
        in -> {
          wire.commit("said before");
          throw cause;
        };
    wire.receive("abc");

    assertThat(protocol.closeCause).isSameAs(cause);
    assertThat(wire.errors).containsExactly(cause);
    assertThat(channel.written()).isEqualTo("said before");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void protocolThatThrowsAsItOpensIsReportedAndClosed() {
    MemoryChannel other = new MemoryChannel();
    ScriptedProtocol bad = new ScriptedProtocol();
    RuntimeException cause = new IllegalStateException("boom");
    bad.onOpen =
        () -> {
          throw cause;
        };
    wire.loop.load().incrementAndGet();
    int load = wire.loop.load().get();

    new Connection(connection.io(), other, bad).open();

    assertThat(bad.seen).containsExactly("open", "closed");
    assertThat(bad.closeCause).isSameAs(cause);
    assertThat(wire.errors).containsExactly(cause);
    assertThat(other.isOpen()).isFalse();
    assertThat(wire.loop.load()).hasValue(load - 1);
  }

  // ---- the end of what goes out

  @Test
  void finishDropsWhatStillComesIn() {
    channel.takeOnly();
    wire.write("answer");
    connection.finish();
    wire.receive("ignored");
    connection.offerUnread();
    wire.receiveEnd();
    connection.shutdown();
    connection.finish();
    connection.finishAndLinger();
    channel.takeAll();
    wire.writable();
    wire.turn();

    assertThat(protocol.received).isEmpty();
    assertThat(protocol.seen).containsExactly("open", "closed");
    assertThat(channel.written()).isEqualTo("answer");
  }

  @Test
  void lingersUntilThePeerEndsToo() {
    channel.takeOnly();
    wire.write("answer");
    connection.finishAndLinger();
    wire.turn();
    assertThat(channel.isOutputEnded()).isFalse();

    channel.takeAll();
    wire.writable();
    wire.turn();
    assertThat(channel.written()).isEqualTo("answer");
    assertThat(channel.isOutputEnded()).isTrue();
    assertThat(channel.isOpen()).isTrue();
    assertThat(wire.write("more")).isFalse();

    wire.receive("ignored");
    wire.tickAfter(Wire.LINGER_NANOS - 1);
    assertThat(channel.isOpen()).isTrue();
    wire.receiveEnd();

    assertThat(channel.isOpen()).isFalse();
    assertThat(protocol.received).isEmpty();
    assertThat(protocol.seen).containsExactly("open", "closed");
    assertThat(protocol.closeCause).isNull();
  }

  @Test
  void lingersNoLongerThanItsTime() {
    connection.finishAndLinger();
    wire.turn();
    assertThat(channel.isOutputEnded()).isTrue();

    wire.tickAfter(Wire.LINGER_NANOS - 1);
    wire.receive("still sending");
    wire.turn();
    assertThat(channel.isOpen()).isTrue();
    wire.tickAfter(1);
    wire.turn();

    assertThat(channel.isOpen()).isFalse();
    assertThat(protocol.seen).containsExactly("open", "closed");
  }

  @Test
  void doesNotLingerForAPeerThatHasEnded() {
    wire.receiveEnd();
    connection.finishAndLinger();
    wire.turn();

    assertThat(channel.isOpen()).isFalse();
    assertThat(channel.isOutputEnded()).isFalse();
  }

  @Test
  void doesNotLingerForAPeerThatEndsWhileTheAnswerLeaves() {
    channel.takeOnly();
    wire.write("answer");
    connection.finishAndLinger();
    wire.receiveEnd();
    channel.takeAll();
    wire.writable();
    wire.turn();

    assertThat(channel.written()).isEqualTo("answer");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void resetWhileLingeringClosesOnce() {
    connection.finishAndLinger();
    wire.turn();
    channel.failReads(new IOException("reset"));
    wire.read();
    wire.read();

    assertThat(channel.isOpen()).isFalse();
    assertThat(wire.errors).isEmpty();
  }

  // ---- time

  @Test
  void peerThatTakesNothingIsCutOff() {
    channel.takeOnly();
    wire.write("answer");
    wire.tickAfter(Wire.WRITE_NANOS);
    assertThat(channel.isOpen()).isTrue();
    wire.tickAfter(1);

    assertThat(channel.isOpen()).isFalse();
    assertThat(protocol.closeCause)
        .isInstanceOf(SocketTimeoutException.class)
        .hasMessage("the peer does not read");
  }

  @Test
  void peerThatTakesAByteNowAndThenIsNotCutOff() {
    channel.takeOnly();
    wire.write("answer");
    for (int i = 1; i <= 5; i++) {
      wire.tickAfter(Wire.WRITE_NANOS);
      channel.takeOnly(1);
      wire.writable();
      assertThat(channel.isOpen()).isTrue();
    }
    wire.tickAfter(Wire.WRITE_NANOS + 1);

    assertThat(channel.written()).isEqualTo("answe");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void idleTimeBeforeAWriteDoesNotCount() {
    wire.write("early");
    wire.tickAfter(10 * Wire.WRITE_NANOS);
    channel.takeOnly();
    wire.write("late");
    wire.tickAfter(Wire.WRITE_NANOS);
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void peerThatTakesNothingOfTheLastAnswerIsCutOffToo() {
    channel.takeOnly();
    wire.write("answer");
    connection.finishAndLinger();
    wire.tickAfter(Wire.WRITE_NANOS + 1);

    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void protocolLooksAtItsDeadlinesInEachTick() {
    wire.tickAfter(1);
    wire.tickAfter(1);
    connection.finish();
    wire.tickAfter(1);

    assertThat(protocol.seen).containsExactly("open", "tick", "tick");
  }

  // ---- close

  @Test
  void closeHappensOnce() {
    IOException cause = new IOException("first");
    int load = wire.loop.load().get();
    connection.close(cause);
    connection.close(new IOException("second"));
    connection.abort(new IOException("third"));
    connection.onFailure(new IOException("fourth"));
    connection.finish();
    connection.shutdown();
    wire.receive("late");
    wire.tickAfter(1);
    wire.turn();

    assertThat(protocol.seen).containsExactly("open", "closed");
    assertThat(protocol.closeCause).isSameAs(cause);
    assertThat(wire.loop.load()).hasValue(load - 1);
  }

  @Test
  void anotherThreadMayAbort() {
    IOException cause = new IOException("enough");
    Wire.elsewhere(() -> connection.abort(cause));
    assertThat(channel.isOpen()).isTrue();
    wire.turn();

    assertThat(channel.isOpen()).isFalse();
    assertThat(protocol.closeCause).isSameAs(cause);
  }

  @Test
  void shutdownIsLeftToTheProtocol() {
    connection.shutdown();

    assertThat(protocol.seen).containsExactly("open", "shutdown");
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void protocolMayCloseWhileItGetsBytes() {
    protocol.onBytes =
        in -> {
          protocol.take(in, 1);
          connection.close(null);
        };
    wire.receive("abc");
    wire.receive("def");

    assertThat(protocol.received).hasToString("a");
    assertThat(wire.errors).isEmpty();
  }
}
