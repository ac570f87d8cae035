package io.httpkit.internal.tls;

import io.httpkit.internal.loop.LoopConfined;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A server's side of a handshake until the client has said for which host it came, and so who the
 * server is to be. Consumes nothing of that: it is all for the {@link TlsHandshake} that follows.
 */
@LoopConfined
public final class TlsGreeting extends Negotiation {
  /** The server. All methods are called on the connection's loop. */
  @LoopConfined
  public interface Owner extends TlsHandshake.Listener {
    /**
     * The engine for a new connection.
     *
     * @param serverName the host that the client came for, in lower case; null if it does not say
     * @return null to refuse the client, as there is no such host
     */
    @Nullable SSLEngine engineFor(@Nullable String serverName);

    /**
     * The client does not speak TLS: what can be said to it before the connection closes. Called
     * before {@link #failed}.
     *
     * @param in its first bytes
     */
    ByteBuffer plaintextAnswer(ByteBuffer in);
  }

  private static final int SHOWN_BYTES = 8;

  private final Owner owner;
  private final Executor tasks;

  /**
   * The beginning of a connection.
   *
   * @param tasks computes what takes long
   * @param timeoutNanos for all of the handshake
   */
  public TlsGreeting(Executor tasks, long timeoutNanos, Owner owner) {
    super(timeoutNanos, owner);
    this.owner = owner;
    this.tasks = tasks;
  }

  @Override
  public void onBytes(ByteBuffer in) {
    if (!in.hasRemaining()) {
      return;
    }
    if (in.get(in.position()) != ClientHello.HANDSHAKE) {
      refuse(owner.plaintextAnswer(in.duplicate()), notTls(in));
      return;
    }
    try {
      ClientHello hello = ClientHello.parse(in);
      if (hello != null) {
        answer(hello);
      }
    } catch (RefusedException e) {
      refuse(e.alert().record(), e);
    }
  }

  private void answer(ClientHello hello) throws RefusedException {
    SSLEngine engine = owner.engineFor(hello.serverName());
    if (engine == null) {
      throw new RefusedException(
          Alert.UNRECOGNIZED_NAME,
          hello.serverName() == null
              ? "the client does not say for which host it came"
              : "the client came for " + hello.serverName() + ", which is not served");
    }
    handOver(new TlsHandshake(engine, tasks, this));
  }

  private static SSLException notTls(ByteBuffer in) {
    byte[] first = new byte[Math.min(SHOWN_BYTES, in.remaining())];
    in.get(in.position(), first);
    return new SSLException("not TLS: begins with " + HexFormat.ofDelimiter(" ").formatHex(first));
  }
}
