package io.httpkit.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.httpkit.channel.FakeChannel.Kind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class ChannelGroupTest {
  private final ChannelGroup group = new ChannelGroup();
  private final FakeChannel a = new FakeChannel(Kind.WEB_SOCKET);
  private final FakeChannel b = new FakeChannel(Kind.WEB_SOCKET);
  private final FakeChannel c = new FakeChannel(Kind.WEB_SOCKET);

  private static List<Object> sentTo(FakeChannel channel) {
    return channel.sent.stream().map(FakeChannel.Sent::data).toList();
  }

  // ---- members

  @Test
  void channelsJoinAndLeaveOnce() {
    assertThat(group.join(a)).isTrue();
    assertThat(group.join(a)).isFalse();
    assertThat(group.join(b)).isTrue();
    assertThat(group.contains(a)).isTrue();
    assertThat(group.size()).isEqualTo(2);

    assertThat(group.leave(a)).isTrue();
    assertThat(group.leave(a)).isFalse();
    assertThat(group.leave(c)).isFalse();
    assertThat(group.contains(a)).isFalse();
    assertThat(group).containsExactly(b);

    assertThat(group.join(a)).isTrue();
    assertThat(group).containsExactlyInAnyOrder(a, b);
  }

  @Test
  void channelLeavesWhenItIsClosed() {
    group.join(a);
    group.join(b);

    a.close(1001, "bye");

    assertThat(group).containsExactly(b);
    assertThat(group.leave(a)).isFalse();
  }

  @Test
  void nothingStaysBehindWhenAChannelLeavesWhileItJoins() {
    a.beforeListening = () -> group.leave(a);

    group.join(a);

    assertThat(group.size()).isZero();
    assertThat(a.closeListeners).isEmpty();
  }

  @Test
  void aMessageThatOneChannelCannotTakeReachesTheOthers() {
    group.join(a);
    group.join(b);
    group.join(c);
    b.refusal = new IllegalStateException("only text");

    assertThatIllegalStateException()
        .isThrownBy(() -> group.broadcast("x"))
        .withMessage("only text");

    assertThat(sentTo(a)).hasSize(1);
    assertThat(sentTo(c)).hasSize(1);
  }

  @Test
  void channelThatIsClosedLeavesAtOnce() {
    a.close();

    assertThat(group.join(a)).isTrue();

    assertThat(group.size()).isZero();
    assertThat(group.contains(a)).isFalse();
  }

  @Test
  void nothingIsLeftOnAChannelThatHasLeft() {
    for (int i = 0; i < 3; i++) {
      group.join(a);
      group.join(a);
      assertThat(a.closeListeners).hasSize(1);
      group.leave(a);
      group.leave(a);
      assertThat(a.closeListeners).isEmpty();
    }
  }

  @Test
  void groupsDoNotKnowEachOther() {
    ChannelGroup other = new ChannelGroup();
    group.join(a);
    other.join(a);
    group.leave(a);
    assertThat(other).containsExactly(a);
    assertThat(a.closeListeners).hasSize(1);

    a.close();

    assertThat(other.size()).isZero();
  }

  @Test
  void channelMayLeaveDuringAnIteration() {
    group.join(a);
    group.join(b);
    Iterator<AsyncChannel> all = group.iterator();
    group.leave(all.next());
    assertThat(all.hasNext()).isTrue();
    group.leave(all.next());

    assertThat(all.hasNext()).isFalse();
    assertThat(group.size()).isZero();
  }

  /** It would leave a listener behind. */
  @Test
  void iteratorRemovesNothing() {
    group.join(a);
    Iterator<AsyncChannel> all = group.iterator();
    all.next();

    assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(all::remove);
    assertThat(group).containsExactly(a);
  }

  // ---- broadcast

  @Test
  void broadcastIsOneMessageForAll() {
    SharedMessage message = SharedMessage.of("text");
    group.join(a);
    group.join(b);

    assertThat(group.broadcast(message)).isEqualTo(2);

    assertThat(sentTo(a)).containsExactly(message);
    assertThat(sentTo(b)).containsExactly(message);
    assertThat(sentTo(c)).isEmpty();
  }

  @Test
  void broadcastOfTextAndBytesIsShared() {
    byte[] bytes = {1, 2};
    group.join(a);
    group.join(b);

    assertThat(group.broadcast("text")).isEqualTo(2);
    assertThat(group.broadcast(bytes)).isEqualTo(2);

    assertThat(sentTo(a)).hasSize(2).isEqualTo(sentTo(b));
    SharedMessage text = (SharedMessage) sentTo(a).get(0);
    SharedMessage binary = (SharedMessage) sentTo(a).get(1);
    assertThat(text.isText()).isTrue();
    assertThat(text.text()).isEqualTo("text");
    assertThat(binary.isText()).isFalse();
    assertThat(binary.bytes()).isSameAs(bytes);
  }

  @Test
  void broadcastMayExclude() {
    group.join(a);
    group.join(b);
    group.join(c);

    assertThat(group.broadcast(SharedMessage.of("text"), channel -> channel == b)).isEqualTo(2);

    assertThat(sentTo(b)).isEmpty();
    assertThat(sentTo(a)).hasSize(1);
    assertThat(sentTo(c)).hasSize(1);
  }

  @Test
  void broadcastToNobodyIsTakenByNobody() {
    assertThat(group.broadcast("text")).isZero();
    group.join(a);
    assertThat(group.broadcast(SharedMessage.of("text"), channel -> true)).isZero();
  }

  @Test
  void broadcastCountsWhoTookIt() {
    group.join(a);
    group.join(b);
    a.close();
    assertThat(group.broadcast("text")).isEqualTo(1);
  }

  /** A long poll is answered by it and leaves, the others stay. */
  @ParameterizedTest
  @EnumSource
  void broadcastClosesWhatASendCloses(Kind kind) {
    FakeChannel channel = new FakeChannel(kind);
    group.join(channel);
    group.join(a);

    assertThat(group.broadcast("text")).isEqualTo(2);

    assertThat(channel.isOpen()).isEqualTo(kind != Kind.RESPONSE);
    assertThat(group.contains(channel)).isEqualTo(channel.isOpen());
    assertThat(group.contains(a)).isTrue();
  }

  // ---- close

  @Test
  void closeClosesAll() {
    group.join(a);
    group.join(b);

    assertThat(group.close(1001, "over")).isEqualTo(2);

    assertThat(group.size()).isZero();
    assertThat(a.status()).isEqualTo(CloseStatus.of(1001, "over"));
    assertThat(b.status()).isEqualTo(CloseStatus.of(1001, "over"));
    assertThat(c.isOpen()).isTrue();
    assertThat(group.close(1001, "over")).isZero();
  }

  // ---- several threads

  /** Calls the action with each number, from several threads. */
  private static void inParallel(int threads, IntConsumer action) throws Exception {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int number = t;
      all.add(
          CompletableFuture.runAsync(
              () -> action.accept(number), task -> new Thread(task).start()));
    }
    for (CompletableFuture<Void> each : all) {
      each.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void membersComeAndGoWhileOthersBroadcast() throws Exception {
    FakeChannel stays = new FakeChannel(Kind.EVENTS);
    group.join(stays);
    int broadcasts = 2_000;
    AtomicInteger taken = new AtomicInteger();
    List<FakeChannel> guests = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      guests.add(new FakeChannel(Kind.WEB_SOCKET));
    }
    inParallel(
        4,
        number -> {
          for (int i = 0; i < broadcasts; i++) {
            if (number == 3) {
              taken.addAndGet(group.broadcast("text"));
            } else {
              assertThat(group.join(guests.get(number))).isTrue();
              assertThat(group.leave(guests.get(number))).isTrue();
            }
          }
        });

    assertThat(group).containsExactly(stays);
    assertThat(stays.sent).hasSize(broadcasts);
    int sent = guests.stream().mapToInt(guest -> guest.sent.size()).sum();
    assertThat(taken).hasValue(broadcasts + sent);
    assertThat(guests).allMatch(guest -> guest.closeListeners.isEmpty());
  }

  @Test
  void noClosedChannelStays() throws Exception {
    int count = 5_000;
    List<FakeChannel> channels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      channels.add(new FakeChannel(Kind.WEB_SOCKET));
    }
    inParallel(
        2,
        number ->
            channels.forEach(
                channel -> {
                  if (number == 0) {
                    group.join(channel);
                  } else {
                    channel.close();
                  }
                }));

    assertThat(group.size()).isZero();
    assertThat(channels).allMatch(channel -> channel.closeListeners.isEmpty());
  }
}
