package io.httpkit.benchmarks;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelGroup;
import io.httpkit.channel.ChannelListener;
import io.httpkit.http.BadMessageException;
import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.server.Handler;
import io.httpkit.server.HttpServer;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.server.Router;
import io.httpkit.server.ServerConfig;
import io.httpkit.server.ServerTls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLContext;

/** This server with the routes that are measured. */
public final class BenchServer {
  private static final int CHUNKS = 10;
  private static final int CHUNK_BYTES = 1024;
  private static final Headers TEXT = Headers.of("Content-Type", "text/plain");
  private static final List<byte[]> CHUNK_LIST = Collections.nCopies(CHUNKS, chunk());

  private BenchServer() {}

  /** Serves until it is killed; see {@link ServerOptions}. */
  public static void main(String[] args) throws Exception {
    ServerOptions options = ServerOptions.parse(args);
    if (options.tls() != null) {
      Path unused = TlsKeys.make(options.tls());
    }
    start(options);
  }

  static HttpServer start(ServerOptions options) {
    return HttpServer.start(router(options.mode()), config(options));
  }

  private static ServerConfig config(ServerOptions options) {
    ServerConfig.Builder config =
        ServerConfig.builder()
            .ip(ServerOptions.HOST)
            .port(options.port())
            .backlog(ServerOptions.BACKLOG)
            .loops(options.ioThreads())
            .maxBody(64 * 1024 * 1024)
            .idleTimeout(Duration.ofMinutes(5));
    SSLContext tls = options.tlsContext();
    if (tls != null) {
      config.tls(ServerTls.of(tls).withProtocols(TlsKeys.PROTOCOL).withCiphers(TlsKeys.CIPHER));
    }
    return (options.mode() == ServerOptions.Mode.VT
            ? config.virtualThreads()
            : config.thread(options.workers()))
        .build();
  }

  private static Router router(ServerOptions.Mode mode) {
    boolean loop = mode == ServerOptions.Mode.LOOP;
    return Router.builder()
        .get("/plaintext", placed(loop, BenchServer::plaintext))
        .get("/json", placed(loop, BenchServer::json))
        .post("/echo", placed(loop, BenchServer::echo))
        .get("/bytes", placed(loop, BenchServer::bytes))
        .get("/stream", placed(loop, BenchServer::stream))
        .get("/ws", channel(loop, new Echo(loop)))
        .get("/room", channel(loop, new Room(loop, new ChannelGroup())))
        .build();
  }

  /** Sends back what comes over a WebSocket. */
  private record Echo(@Override boolean isNonBlocking) implements ChannelListener {
    @Override
    public void onText(AsyncChannel channel, String text) {
      channel.send(text);
    }

    @Override
    public void onBinary(AsyncChannel channel, byte[] bytes) {
      channel.send(bytes);
    }
  }

  /** Sends text that comes over a WebSocket to all. */
  private record Room(@Override boolean isNonBlocking, ChannelGroup members)
      implements ChannelListener {
    @Override
    public void onOpen(AsyncChannel channel) {
      members.join(channel);
      channel.send(Payload.JOINED);
    }

    @Override
    public void onText(AsyncChannel channel, String text) {
      members.broadcast(text);
    }

    @Override
    public void onBinary(AsyncChannel channel, byte[] bytes) {
      channel.send(bytes);
    }
  }

  private static Handler channel(boolean loop, ChannelListener listener) {
    return placed(loop, request -> request.asChannel(listener));
  }

  private static Handler placed(boolean loop, Handler handler) {
    return loop ? Handler.nonBlocking(handler) : handler;
  }

  private static Response plaintext(Request request) {
    return Response.of(Status.OK, TEXT, Body.of(Payload.hello()));
  }

  private static Response json(Request request) {
    return Response.json(Payload.json());
  }

  private static Response echo(Request request) {
    return Response.bytes(request.bytes());
  }

  private static Response bytes(Request request) {
    try {
      return Response.bytes(Payload.bytes(request.query("n").orElse("")));
    } catch (IllegalArgumentException e) {
      throw new BadMessageException(Status.BAD_REQUEST, "n must be a number of bytes");
    }
  }

  private static Response stream(Request request) {
    return Response.parts(CHUNK_LIST);
  }

  private static byte[] chunk() {
    byte[] chunk = new byte[CHUNK_BYTES];
    Arrays.fill(chunk, (byte) 'c');
    return chunk;
  }
}
