package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelGroup;
import io.httpkit.channel.CloseListener;
import io.httpkit.channel.CloseStatus;
import io.httpkit.channel.CloseStatus.Kind;
import io.httpkit.channel.SharedMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who is told that a channel is closed, and how often. */
class ChannelCloseTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  private final RecordingListener listener = new RecordingListener();
  private final BlockingQueue<CloseStatus> told = new LinkedBlockingQueue<>();

  private AsyncChannel open() throws Exception {
    servers.connect(servers.start(request -> request.asChannel(listener))).send(GET);
    return listener.awaitOpen();
  }

  // ---- actions

  @Test
  void actionIsToldOnce() throws Exception {
    AsyncChannel channel = open();
    channel.onClose(told::add);

    assertThat(channel.close()).isTrue();
    assertThat(channel.close()).isFalse();
    assertThat(channel.close(1001, "again")).isFalse();

    assertThat(RecordingListener.await(told, "the close").kind()).isEqualTo(Kind.SERVER_CLOSE);
    assertThat(told).isEmpty();
    assertThat(listener.calls).as("of the listener").containsExactly("init", "open");
  }

  @Test
  void lateActionIsToldAtOnce() throws Exception {
    AsyncChannel channel = open();
    channel.close();
    listener.awaitClose();

    channel.onClose(told::add);

    assertThat(told).containsExactly(new CloseStatus(Kind.SERVER_CLOSE, 0, ""));
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> channel.onClose(told::add))
        .withMessageContaining("onClose");
    assertThat(told).hasSize(1);
  }

  @Test
  void actionThatWasToldCannotBeSetAgain() throws Exception {
    AsyncChannel channel = open();
    channel.onClose(told::add);
    channel.close();
    RecordingListener.await(told, "the close");

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> channel.onClose(told::add));
    assertThat(told).isEmpty();
  }

  @Test
  void eachActionCanBeSetOnce() throws Exception {
    AsyncChannel channel = open();
    channel.onClose(status -> {});
    channel.onDrain(() -> {});
    channel.onReceive(message -> {});
    channel.onPing(payload -> {});
    channel.onPong(payload -> {});

    List<Runnable> again =
        List.of(
            () -> channel.onClose(status -> {}),
            () -> channel.onDrain(() -> {}),
            () -> channel.onReceive(message -> {}),
            () -> channel.onPing(payload -> {}),
            () -> channel.onPong(payload -> {}));
    for (Runnable each : again) {
      assertThatExceptionOfType(IllegalStateException.class).isThrownBy(each::run);
    }
    assertThat(channel.ping(new byte[1])).isFalse();
    assertThat(channel.pong(new byte[1])).isFalse();
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void actionThatIsSetWhileTheChannelIsClosedIsToldOnce() throws Exception {
    int rounds = 1_000;
    CyclicBarrier start = new CyclicBarrier(2);
    BlockingQueue<AsyncChannel> channels = new LinkedBlockingQueue<>();
    AtomicInteger[] counts = new AtomicInteger[rounds];
    CountDownLatch all = new CountDownLatch(rounds);
    CompletableFuture<Void> closer =
        CompletableFuture.runAsync(
            () -> closeEach(channels, start, rounds), task -> new Thread(task, "closer").start());
    ScriptedPeer peer = servers.connect(servers.start(request -> request.asChannel(listener)));
    for (int round = 0; round < rounds; round++) {
      AtomicInteger count = new AtomicInteger();
      counts[round] = count;
      peer.send(GET);
      AsyncChannel channel = listener.awaitOpen();
      channels.add(channel);
      start.await(20, TimeUnit.SECONDS);
      channel.onClose(
          status -> {
            count.incrementAndGet();
            all.countDown();
          });
      peer.read();
    }
    closer.get(20, TimeUnit.SECONDS);

    assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(counts).allMatch(count -> count.get() == 1);
  }

  private static void closeEach(
      BlockingQueue<AsyncChannel> channels, CyclicBarrier start, int rounds) {
    try {
      for (int i = 0; i < rounds; i++) {
        AsyncChannel channel = RecordingListener.await(channels, "a channel");
        start.await(20, TimeUnit.SECONDS);
        channel.close();
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  // ---- close listeners

  @Test
  void closeListenersAreToldOnceEach() throws Exception {
    BlockingQueue<String> names = new LinkedBlockingQueue<>();
    AsyncChannel channel = open();
    CloseListener removed = (which, status) -> names.add("removed");
    channel.addCloseListener((which, status) -> names.add("first " + status.kind()));
    channel.addCloseListener(removed);
    channel.addCloseListener(
        (which, status) -> {
          throw new IllegalStateException("on purpose");
        });
    channel.addCloseListener((which, status) -> names.add("last " + which.isOpen()));
    channel.removeCloseListener(removed);
    channel.removeCloseListener(removed);

    channel.close();

    assertThat(names).containsExactly("first SERVER_CLOSE", "last false");
    channel.addCloseListener((which, status) -> names.add("late"));
    channel.removeCloseListener(removed);
    assertThat(names).containsExactly("first SERVER_CLOSE", "last false", "late");
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.SERVER_CLOSE);
  }

  @Test
  void serverHearsOfEachChannelOnce() throws Exception {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    ServerEvents events =
        new ServerEvents() {
          @Override
          public void onChannelOpen(AsyncChannel channel) {
            seen.add("open");
          }

          @Override
          public void onChannelClose(AsyncChannel channel, CloseStatus status) {
            seen.add("close");
          }
        };
    HttpServer server =
        servers.start(request -> request.asChannel(listener), options -> options.events(events));
    HttpServer events204 =
        servers.start(
            request -> request.asEventStream(listener), options -> options.events(events));
    ScriptedPeer peer = servers.connect(server).send(GET);
    listener.awaitOpen().send("x");
    peer.read();
    listener.awaitClose();
    assertThat(seen).containsExactly("open", "close");

    servers.connect(events204).send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").read("HEAD");
    listener.awaitClose();
    assertThat(seen).containsExactly("open", "close", "open", "close");
    assertThat(listener.calls)
        .containsExactly(
            "init", "open", "close SERVER_CLOSE", "init", "open", "close SERVER_CLOSE");
  }

  // ---- groups

  private List<ScriptedPeer> join(ChannelGroup group, Handler handler, int count)
      throws IOException, InterruptedException {
    HttpServer server = servers.start(handler);
    List<ScriptedPeer> peers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      peers.add(servers.connect(server).send(GET));
      assertThat(group.join(listener.awaitOpen())).isTrue();
    }
    return peers;
  }

  @Test
  void broadcastAnswersAllPollsAndEmptiesTheGroup() throws Exception {
    ChannelGroup group = new ChannelGroup();
    List<ScriptedPeer> peers = join(group, request -> request.asChannel(listener), 10);
    assertThat(group.size()).isEqualTo(10);

    assertThat(group.broadcast("news")).isEqualTo(10);

    for (ScriptedPeer peer : peers) {
      assertThat(peer.read().text()).isEqualTo("news");
    }
    assertThat(group.size()).isZero();
    assertThat(group.broadcast("more")).isZero();
  }

  @Test
  void whoIsExcludedOrHasLeftGetsNothing() throws Exception {
    ChannelGroup group = new ChannelGroup();
    List<ScriptedPeer> peers = join(group, request -> request.asChannel(listener), 3);
    List<AsyncChannel> members = new ArrayList<>();
    group.forEach(members::add);
    AsyncChannel excluded = members.get(0);
    AsyncChannel left = members.get(1);
    assertThat(group.join(excluded)).isFalse();
    assertThat(group.leave(left)).isTrue();
    assertThat(group.leave(left)).isFalse();

    assertThat(group.broadcast(SharedMessage.of("news"), excluded::equals)).isEqualTo(1);

    assertThat(group).containsExactly(excluded);
    assertThat(group.close(1000, "")).isEqualTo(1);
    left.send("other");
    List<String> answers = new ArrayList<>();
    for (ScriptedPeer peer : peers) {
      answers.add(peer.read().text());
    }
    assertThat(answers).containsExactlyInAnyOrder("news", "", "other");
    assertThat(group.size()).isZero();
  }

  @Test
  void closedChannelLeavesAtOnce() throws Exception {
    ChannelGroup group = new ChannelGroup();
    AsyncChannel channel = open();
    channel.close();
    listener.awaitClose();

    group.join(channel);

    assertThat(group.size()).isZero();
    assertThat(group.contains(channel)).isFalse();
  }

  @Test
  void clientThatIsGoneLeaves() throws Exception {
    ChannelGroup group = new ChannelGroup();
    List<ScriptedPeer> peers = join(group, request -> request.asChannel(listener), 2);

    peers.get(0).close();
    listener.awaitClose();

    assertThat(group.size()).isEqualTo(1);
    assertThat(group.broadcast("news")).isEqualTo(1);
  }

  @Test
  void bytesDoNotReachStreamsOfEvents() throws Exception {
    ChannelGroup group = new ChannelGroup();
    List<ScriptedPeer> streams = join(group, request -> request.asEventStream(listener), 2);
    List<ScriptedPeer> polls = join(group, request -> request.asChannel(listener), 2);

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> group.broadcast(new byte[] {'x'}))
        .withMessageContaining("stream of events");
    assertThat(group.broadcast("text")).isEqualTo(2);
    assertThat(group.close(1000, "")).isEqualTo(2);

    for (ScriptedPeer poll : polls) {
      assertThat(poll.read().text()).isEqualTo("x");
    }
    for (ScriptedPeer stream : streams) {
      assertThat(stream.read().text()).isEqualTo("data: text\n\n");
    }
  }
}
