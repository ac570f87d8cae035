package io.httpkit.client;

import io.httpkit.http.BadMessageException;
import io.httpkit.internal.codec.socks.Socks5Handshake;
import io.httpkit.internal.codec.socks.SocksEvent;
import io.httpkit.internal.codec.socks.SocksLogin;
import io.httpkit.internal.loop.LoopConfined;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Asks a SOCKS5 proxy for a way to the server, whose name the proxy resolves. RFC 1928. */
@LoopConfined
final class SocksHandshake extends DialStep {
  private final Socks5Handshake handshake;

  SocksHandshake(DialSteps steps, Dial dial, Proxy proxy, Origin origin) {
    super(steps, dial, proxy);
    String host = origin.host();
    this.handshake =
        new Socks5Handshake(host, IpAddress.parse(host), origin.port(), login(proxy.credentials()));
  }

  private static @Nullable SocksLogin login(@Nullable Credentials credentials) {
    return credentials == null ? null : new SocksLogin(credentials.user(), credentials.password());
  }

  @Override
  void begin() {
    send(handshake.greeting());
  }

  private void send(ByteBuffer bytes) {
    // the connection is closed if it is not taken
    boolean unused = connection().output().write(bytes);
  }

  @Override
  public void onBytes(ByteBuffer in) {
    try {
      while (take(handshake.next(in))) {
        // one answer after the other
      }
    } catch (BadMessageException e) {
      refuse("its answer is not SOCKS5: " + e.getMessage());
    }
  }

  /** False when more bytes are needed, or it is over. */
  private boolean take(@Nullable SocksEvent event) {
    if (event instanceof SocksEvent.Send some) {
      send(some.bytes());
      return true;
    } else if (event instanceof SocksEvent.Connected) {
      done();
    } else if (event instanceof SocksEvent.Refused refused) {
      refuse(refused.reason());
    }
    return false;
  }
}
