package io.httpkit.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What several connections of one loop answer in one turn. */
class TurnOutputTest {
  private final Wire wire = new Wire();
  private final IoLoop io = wire.connection.io();
  private final List<Peer> peers = new ArrayList<>();

  /** A connection of the loop, with what its peer sends and gets. */
  private final class Peer {
    final MemoryChannel channel = new MemoryChannel();
    final ScriptedProtocol protocol = new ScriptedProtocol();
    final Connection connection = new Connection(io, channel, protocol);

    Peer() {
      protocol.onBytes = in -> answer(protocol.take(in, in.remaining()));
      peers.add(this);
    }

    void answer(String text) {
      ByteBuffer buffer = connection.output().begin(text.length());
      connection.output().commit(buffer.put(Wire.bytes(text)));
    }

    void receive(String text) {
      channel.receive(text);
      try {
        connection.onReadable();
      } catch (IOException e) {
        connection.onFailure(e);
      }
    }
  }

  @BeforeEach
  void begin() {
    wire.inLoop();
  }

  @AfterEach
  void end() {
    for (Peer each : peers) {
      each.connection.close(null);
    }
    wire.close();
  }

  @Test
  void answersWaitForTheEndOfTheTurn() {
    Peer first = new Peer();
    Peer second = new Peer();

    first.receive("one");
    second.receive("two");
    assertThat(first.channel.written()).isEmpty();
    assertThat(second.channel.written()).isEmpty();
    io.writeCollected();

    assertThat(first.channel.written()).isEqualTo("one");
    assertThat(second.channel.written()).isEqualTo("two");
    assertThat(first.channel.writes()).isEqualTo(1);
    io.writeCollected();
    assertThat(first.channel.writes()).isEqualTo(1);
  }

  @Test
  void theLoopWritesInEachTurn() {
    Peer peer = new Peer();
    peer.receive("one");
    wire.turn();
    assertThat(peer.channel.written()).isEqualTo("one");

    wire.loop.execute(() -> peer.receive("two"));
    wire.turn();
    assertThat(peer.channel.written()).isEqualTo("onetwo");
  }

  @Test
  void thoseThatComeAgainWriteWhatTheyHadFirst() {
    Peer first = new Peer();
    Peer second = new Peer();

    first.receive("a");
    second.receive("b");
    first.receive("c");
    assertThat(first.channel.written()).isEqualTo("a");
    assertThat(second.channel.written()).isEmpty();
    io.writeCollected();

    assertThat(first.channel.written()).isEqualTo("ac");
    assertThat(second.channel.written()).isEqualTo("b");
  }

  @Test
  void moreConnectionsThanAreCollectedAreAllAnswered() {
    for (int i = 0; i < 1000; i++) {
      new Peer().receive("answer " + i);
    }
    io.writeCollected();

    for (int i = 0; i < 1000; i++) {
      assertThat(peers.get(i).channel.written()).isEqualTo("answer " + i);
    }
  }

  @Test
  void moreBytesThanAreCollectedAreAllWritten() {
    for (int i = 0; i < 40; i++) {
      Peer peer = new Peer();
      peer.receive("x".repeat(1000 * i));
      peer.receive("y".repeat(10));
    }
    io.writeCollected();

    for (int i = 0; i < 40; i++) {
      assertThat(peers.get(i).channel.written()).isEqualTo("x".repeat(1000 * i) + "y".repeat(10));
    }
  }

  @Test
  void aConnectionThatIsClosedTakesNothingFromOthers() {
    Peer first = new Peer();
    Peer second = new Peer();
    Peer third = new Peer();
    first.receive("one");
    second.receive("two");
    third.receive("three");

    second.connection.close(null);
    third.connection.close(null);
    Peer fourth = new Peer();
    fourth.receive("four");
    io.writeCollected();

    assertThat(first.channel.written()).isEqualTo("one");
    assertThat(second.channel.written()).isEmpty();
    assertThat(third.channel.written()).isEmpty();
    assertThat(fourth.channel.written()).isEqualTo("four");
  }

  @Test
  void aConnectionThatFinishesWritesAtOnceAndOnlyItsOwn() {
    Peer first = new Peer();
    Peer second = new Peer();
    Peer third = new Peer();
    first.receive("one");
    second.receive("two");
    third.receive("three");

    second.connection.finish();
    assertThat(first.channel.written()).isEmpty();
    assertThat(second.channel.written()).isEqualTo("two");
    assertThat(third.channel.written()).isEmpty();
    io.writeCollected();

    assertThat(first.channel.written()).isEqualTo("one");
    assertThat(second.channel.written()).isEqualTo("two");
    assertThat(third.channel.written()).isEqualTo("three");
  }

  @Test
  void whatAnotherThreadSendsMeanwhileIsBehind() {
    Peer first = new Peer();
    Peer second = new Peer();
    first.receive("one");
    second.receive("two");
    Wire.elsewhere(() -> first.connection.output().write(Wire.bytes(" behind")));
    io.writeCollected();

    assertThat(first.channel.written()).isEqualTo("one behind");
    assertThat(second.channel.written()).isEqualTo("two");
  }

  @Test
  void whatASocketDoesNotTakeIsKeptWhileTheOthersAreWritten() {
    for (int taken = 0; taken <= 5; taken++) {
      Peer slow = new Peer();
      Peer other = new Peer();
      slow.channel.takeOnly(taken);
      slow.receive("abcde");
      other.receive("other");
      io.writeCollected();
      assertThat(slow.channel.written()).isEqualTo("abcde".substring(0, taken));
      assertThat(other.channel.written()).isEqualTo("other");
      new Peer().receive("overwrites what was collected");
      io.writeCollected();

      slow.channel.takeEachTime(1);
      for (int i = 0; i < 10 && slow.connection.output().isBlocked(); i++) {
        slow.connection.onWritable();
      }
      assertThat(slow.channel.written()).isEqualTo("abcde");
    }
  }

  @Test
  void aSocketThatFailsKeepsNoOtherWaiting() {
    Peer broken = new Peer();
    Peer other = new Peer();
    broken.channel.failWrites(new IOException("reset"));
    broken.receive("lost");
    other.receive("other");
    io.writeCollected();
    wire.turn();

    assertThat(broken.channel.isOpen()).isFalse();
    assertThat(other.channel.written()).isEqualTo("other");
  }

  @Test
  void aFaultOfTheSocketKeepsNoOtherWaiting() {
    Peer broken = new Peer();
    Peer other = new Peer();
    IllegalStateException fault = new IllegalStateException("fault");
    broken.channel.throwOnWrite(fault);
    broken.receive("lost");
    other.receive("other");
    io.writeCollected();

    assertThat(wire.errors).containsExactly(fault);
    assertThat(other.channel.written()).isEqualTo("other");
  }
}
