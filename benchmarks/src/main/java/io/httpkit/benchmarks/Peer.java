package io.httpkit.benchmarks;

import io.httpkit.benchmarks.peers.JettyPeer;
import io.httpkit.benchmarks.peers.NettyPeer;
import io.httpkit.benchmarks.peers.UndertowPeer;
import io.httpkit.benchmarks.peers.VertxPeer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A server to compare with. */
enum Peer {
  NETTY_NIO(NettyPeer.Nio.class),
  NETTY_EPOLL(NettyPeer.Epoll.class),
  UNDERTOW(UndertowPeer.class),
  VERTX(VertxPeer.class),
  JETTY(JettyPeer.class);

  /** Those that can be measured over TLS. */
  static final List<Peer> WITH_TLS = List.of(UNDERTOW, JETTY);

  private final Class<?> main;

  Peer(Class<?> main) {
    this.main = main;
  }

  static Peer of(String name) {
    return Arrays.stream(values())
        .filter(peer -> peer.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown peer " + name + ", there are " + Arrays.toString(values())));
  }

  Class<?> main() {
    return main;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
