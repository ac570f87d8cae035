package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelGroup;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.CloseStatus;
import io.httpkit.channel.SharedMessage;
import io.httpkit.server.WebSocketPeer.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many WebSockets that are sent the same. */
class WebSocketGroupTest {
  private static final int MEMBERS = 50;

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  private final ChannelGroup group = new ChannelGroup();
  private final List<WebSocketPeer> peers = new ArrayList<>();

  /** Joins the group, and says so. */
  private final class Member extends WebSocketLog {
    @Override
    public void onOpen(AsyncChannel channel) throws Exception {
      assertThat(group.join(channel)).isTrue();
      assertThat(group.join(channel)).isFalse();
      super.onOpen(channel);
    }

    @Override
    public void onText(AsyncChannel channel, String text) {
      int unused = group.broadcast(SharedMessage.of(text), other -> other == channel);
    }
  }

  private final Member members = new Member();

  private void open(int count) throws Exception {
    HttpServer server = servers.start(request -> request.asChannel(members));
    for (int i = 0; i < count; i++) {
      peers.add(WebSocketPeer.open(servers.connect(server)));
      members.expect("open");
    }
    assertThat(group.size()).isEqualTo(count);
  }

  @Test
  void allButTheSenderGetTheMessage() throws Exception {
    open(MEMBERS);
    peers.get(7).text("from seven");
    for (int i = 0; i < MEMBERS; i++) {
      if (i != 7) {
        peers.get(i).expectText("from seven");
      }
    }
    assertThat(group.broadcast(new byte[] {1, 2})).isEqualTo(MEMBERS);
    for (WebSocketPeer peer : peers) {
      peer.expectBinary(new byte[] {1, 2});
    }
  }

  /** The end of each ends the next, but only when the call that does it has returned. */
  @Test
  void listenersOnTheLoopAreNotCalledWithinEachOther() throws Exception {
    AtomicInteger within = new AtomicInteger();
    AtomicInteger deepest = new AtomicInteger();
    BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    ChannelListener chained =
        new ChannelListener() {
          @Override
          public void onOpen(AsyncChannel channel) {
            group.join(channel);
            ends.add("open");
          }

          @Override
          public void onClose(AsyncChannel channel, CloseStatus status) {
            deepest.accumulateAndGet(within.incrementAndGet(), Math::max);
            for (AsyncChannel other : group) {
              if (other.close()) {
                break;
              }
            }
            within.decrementAndGet();
            ends.add("close");
          }

          @Override
          public boolean isNonBlocking() {
            return true;
          }
        };
    HttpServer server =
        servers.start(request -> request.asChannel(chained), options -> options.loops(1));
    for (int i = 0; i < 10; i++) {
      peers.add(WebSocketPeer.open(servers.connect(server)));
      assertThat(ends.poll(10, TimeUnit.SECONDS)).isEqualTo("open");
    }

    group.iterator().next().close();

    for (int i = 0; i < 10; i++) {
      assertThat(ends.poll(10, TimeUnit.SECONDS)).isEqualTo("close");
    }
    assertThat(deepest).hasValue(1);
    assertThat(group.size()).isZero();
  }

  @Test
  void closedChannelsLeave() throws Exception {
    open(MEMBERS);
    for (int i = 0; i < 20; i++) {
      if (i % 2 == 0) {
        peers.get(i).closing(1000, "").expectClose(1000);
      } else {
        peers.get(i).wire().reset();
      }
      assertThat(members.next()).startsWith("close ");
    }
    assertThat(group.size()).isEqualTo(MEMBERS - 20);
    assertThat(group.broadcast("still here")).isEqualTo(MEMBERS - 20);
    for (int i = 20; i < MEMBERS; i++) {
      peers.get(i).expectText("still here");
    }
    for (AsyncChannel each : group) {
      assertThat(group.contains(each)).isTrue();
      assertThat(each.isOpen()).isTrue();
    }

    assertThat(group.close(4000, "over")).isEqualTo(MEMBERS - 20);
    for (int i = 20; i < MEMBERS; i++) {
      assertThat(peers.get(i).expectClose(4000)).isEqualTo("over");
    }
    assertThat(group.size()).isZero();
    assertThat(group.close(4000, "over")).isZero();
  }

  @Test
  void closedChannelThatJoinsLeavesAtOnce() throws Exception {
    open(1);
    AsyncChannel channel = members.channel();
    assertThat(group.leave(channel)).isTrue();
    assertThat(group.leave(channel)).isFalse();
    channel.close();
    assertThat(group.join(channel)).isTrue();
    assertThat(group.size()).isZero();
  }

  @Test
  void channelMayJoinBeforeItIsOpen() throws Exception {
    WebSocketLog early =
        new WebSocketLog() {
          @Override
          public void onInit(AsyncChannel channel) {
            group.join(channel);
            assertThat(group.broadcast("nobody can hear this")).isZero();
          }
        };
    HttpServer server = servers.start(request -> request.asChannel(early));
    WebSocketPeer peer = WebSocketPeer.open(servers.connect(server));
    early.expect("open");
    assertThat(group.broadcast("hello")).isEqualTo(1);
    peer.expectText("hello").closing(1000, "").expectClose(1000);
    early.expect("close NORMAL 1000");
    assertThat(group.size()).isZero();
  }

  @Test
  void membersMayComeAndGoWhileOthersSend() throws Exception {
    open(MEMBERS);
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<AsyncChannel> all = new ArrayList<>();
      group.forEach(all::add);
      List<Future<Integer>> running = new ArrayList<>();
      for (int thread = 0; thread < 2; thread++) {
        Random random = new Random(thread);
        running.add(
            threads.submit(
                () -> {
                  int changes = 0;
                  for (; !over.get(); changes++) {
                    AsyncChannel some = all.get(random.nextInt(all.size()));
                    boolean unused = random.nextBoolean() ? group.leave(some) : group.join(some);
                  }
                  return changes;
                }));
      }
      List<Future<Integer>> sending = new ArrayList<>();
      for (int thread = 0; thread < 2; thread++) {
        String name = thread + ":";
        Callable<Integer> sends =
            () -> {
              for (int i = 0; i < 300; i++) {
                int unused = group.broadcast(name + i);
              }
              return 300;
            };
        sending.add(threads.submit(sends));
      }
      for (Future<Integer> each : sending) {
        assertThat(each.get(20, TimeUnit.SECONDS)).isEqualTo(300);
      }
      over.set(true);
      for (Future<Integer> each : running) {
        assertThat(each.get(20, TimeUnit.SECONDS)).isPositive();
      }
      all.forEach(group::join);
      assertThat(group.broadcast("end")).isEqualTo(MEMBERS);
    } finally {
      over.set(true);
      threads.shutdownNow();
    }
    for (WebSocketPeer peer : peers) {
      assertInOrder(peer);
    }
    assertThat(group.close(1000, "")).isEqualTo(MEMBERS);
    assertThat(group.size()).isZero();
  }

  /** Some are missed, and who leaves and comes back may get one twice; but all in turn. */
  private static void assertInOrder(WebSocketPeer peer) throws Exception {
    int[] last = {-1, -1};
    for (Frame frame = peer.read(); !frame.text().equals("end"); frame = peer.read()) {
      int thread = frame.text().charAt(0) - '0';
      int number = Integer.parseInt(frame.text().substring(2));
      assertThat(number).isGreaterThanOrEqualTo(last[thread]);
      last[thread] = number;
    }
  }

  @Test
  void closeListenersAreToldWhenTheChannelHasLeft() throws Exception {
    WebSocketLog leaving =
        new WebSocketLog() {
          @Override
          public void onClose(AsyncChannel channel, CloseStatus status) {
            add("left " + group.contains(channel));
          }
        };
    HttpServer server = servers.start(request -> request.asChannel(leaving));
    WebSocketPeer peer = WebSocketPeer.open(servers.connect(server));
    group.join(leaving.channel());
    peer.closing(1000, "").expectClose(1000);
    leaving.expect("open", "left false");
  }
}
