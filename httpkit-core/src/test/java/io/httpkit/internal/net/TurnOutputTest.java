package io.httpkit.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
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

  /** New peers, of which each has sent one of these in this turn. */
  private Peer[] receive(String... texts) {
    Peer[] made = new Peer[texts.length];
    for (int i = 0; i < texts.length; i++) {
      made[i] = new Peer();
      made[i].receive(texts[i]);
    }
    return made;
  }

  /** What each was sent so far. */
  private static List<String> written(Peer... some) {
    return Arrays.stream(some).map(peer -> peer.channel.written()).toList();
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
    Peer[] two = receive("one", "two");
    assertThat(written(two)).containsExactly("", "");

    io.writeCollected();
    assertThat(written(two)).containsExactly("one", "two");

    io.writeCollected();
    assertThat(two[0].channel.writes()).isEqualTo(1);
    assertThat(two[1].channel.writes()).isEqualTo(1);
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
    Peer[] two = receive("a", "b");
    two[0].receive("c");
    assertThat(written(two)).containsExactly("a", "");

    io.writeCollected();
    assertThat(written(two)).containsExactly("ac", "b");
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
  void connectionsThatAreClosedTakeNothingFromOthers() {
    Peer[] three = receive("one", "two", "three");
    three[1].connection.close(null);
    three[2].connection.close(null);
    Peer[] behind = receive("four");

    io.writeCollected();
    assertThat(written(three)).containsExactly("one", "", "");
    assertThat(written(behind)).containsExactly("four");
  }

  @Test
  void aConnectionThatFinishesWritesAtOnceAndOnlyItsOwn() {
    Peer[] three = receive("one", "two", "three");
    three[1].connection.finish();
    assertThat(written(three)).containsExactly("", "two", "");

    io.writeCollected();
    assertThat(written(three)).containsExactly("one", "two", "three");
  }

  @Test
  void whatAnotherThreadSendsMeanwhileIsBehind() {
    Peer[] two = receive("one", "two");
    Wire.elsewhere(() -> two[0].connection.output().write(Wire.bytes(" behind")));

    io.writeCollected();
    assertThat(written(two)).containsExactly("one behind", "two");
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
    Peer[] two = receive("lost", "other");
    two[0].channel.failWrites(new IOException("reset"));
    io.writeCollected();
    wire.turn();

    assertThat(two[0].channel.isOpen()).isFalse();
    assertThat(written(two)).containsExactly("", "other");
  }

  @Test
  void aFaultOfTheSocketKeepsNoOtherWaiting() {
    IllegalStateException fault = new IllegalStateException("fault");
    Peer[] two = receive("lost", "other");
    two[0].channel.throwOnWrite(fault);
    io.writeCollected();

    assertThat(wire.errors).containsExactly(fault);
    assertThat(written(two)).containsExactly("", "other");
  }
}
