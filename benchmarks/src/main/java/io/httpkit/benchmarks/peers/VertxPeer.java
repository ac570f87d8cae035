package io.httpkit.benchmarks.peers;

import io.httpkit.benchmarks.Payload;
import io.httpkit.benchmarks.ServerOptions;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.util.Objects;
import java.util.function.Supplier;

/** Vert.x: a verticle for each core, on its binding to epoll. */
public final class VertxPeer {
  private static final CharSequence TEXT = HttpHeaders.createOptimized("text/plain");
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence BINARY =
      HttpHeaders.createOptimized("application/octet-stream");
  private static final Buffer HELLO = Buffer.buffer(Payload.hello());

  private VertxPeer() {}

  public static void main(String[] args) {
    ServerOptions options = ServerOptions.parse(args);
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(options.ioThreads())
                .setWorkerPoolSize(options.workers()));
    vertx
        .deployVerticle(
            () -> new Routes(options), new DeploymentOptions().setInstances(options.ioThreads()))
        .onFailure(
            cause -> {
              System.err.println(cause);
              System.exit(1);
            });
  }

  private static final class Routes extends VerticleBase {
    private final ServerOptions options;
    private final VertxRoom room = new VertxRoom();

    Routes(ServerOptions options) {
      this.options = options;
    }

    @Override
    public Future<?> start() {
      room.open(vertx.eventBus());
      return vertx
          .createHttpServer(new HttpServerOptions().setAcceptBacklog(ServerOptions.BACKLOG))
          .requestHandler(this::answer)
          .listen(options.port(), ServerOptions.HOST);
    }

    private void answer(HttpServerRequest request) {
      switch (Objects.requireNonNullElse(request.path(), "")) {
        case "/plaintext" -> send(request, TEXT, () -> HELLO);
        case "/json" -> send(request, JSON, () -> Buffer.buffer(Payload.json()));
        case "/echo" -> request.body().onSuccess(body -> send(request, BINARY, () -> body));
        case "/bytes" ->
            send(request, BINARY, () -> Buffer.buffer(Payload.bytes(request.getParam("n"))));
        case "/ws" -> upgrade(request, Routes::echo);
        case "/room" -> upgrade(request, room::join);
        default -> request.response().setStatusCode(404).end();
      }
    }

    private static void upgrade(HttpServerRequest request, Handler<ServerWebSocket> open) {
      request.toWebSocket().onSuccess(open).onFailure(cause -> request.response().reset());
    }

    private static void echo(ServerWebSocket socket) {
      socket.textMessageHandler(socket::writeTextMessage);
      socket.binaryMessageHandler(socket::writeBinaryMessage);
    }

    private void send(HttpServerRequest request, CharSequence type, Supplier<Buffer> body) {
      if (options.mode() == ServerOptions.Mode.LOOP) {
        end(request, type, body.get());
      } else {
        vertx
            .executeBlocking(body::get, false)
            .onSuccess(buffer -> end(request, type, buffer))
            .onFailure(cause -> request.response().reset());
      }
    }

    private static void end(HttpServerRequest request, CharSequence type, Buffer body) {
      request.response().headers().add(HttpHeaders.CONTENT_TYPE, type);
      request.response().end(body);
    }
  }
}
