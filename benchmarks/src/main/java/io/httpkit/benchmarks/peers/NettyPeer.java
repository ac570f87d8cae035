package io.httpkit.benchmarks.peers;

import io.httpkit.benchmarks.Payload;
import io.httpkit.benchmarks.ServerOptions;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Netty: its HTTP codec and one handler behind it, which flushes once for each read. */
public final class NettyPeer {
  private NettyPeer() {}

  /** On {@code java.nio}. */
  public static final class Nio {
    private Nio() {}

    public static void main(String[] args) throws InterruptedException {
      start(ServerOptions.parse(args), NioIoHandler.newFactory(), NioServerSocketChannel.class);
    }
  }

  /** On Netty's own binding to epoll. */
  public static final class Epoll {
    private Epoll() {}

    public static void main(String[] args) throws InterruptedException {
      start(ServerOptions.parse(args), EpollIoHandler.newFactory(), EpollServerSocketChannel.class);
    }
  }

  private static void start(
      ServerOptions options, IoHandlerFactory io, Class<? extends ServerChannel> channel)
      throws InterruptedException {
    EventExecutorGroup workers =
        options.mode() == ServerOptions.Mode.LOOP
            ? null
            : new DefaultEventExecutorGroup(options.workers());
    new ServerBootstrap()
        .group(
            new MultiThreadIoEventLoopGroup(1, io),
            new MultiThreadIoEventLoopGroup(options.ioThreads(), io))
        .channel(channel)
        .option(ChannelOption.SO_BACKLOG, ServerOptions.BACKLOG)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel accepted) {
                accepted
                    .pipeline()
                    .addLast(
                        new HttpServerCodec(), new Routes(workers == null ? null : workers.next()));
              }
            })
        .bind(ServerOptions.HOST, options.port())
        .sync();
  }

  private static final class Routes extends ChannelInboundHandlerAdapter {
    /** One thread, so that answers keep the order of requests; null if handlers run on the loop. */
    private final @Nullable EventExecutor worker;

    private @Nullable HttpRequest request;
    private @Nullable CompositeByteBuf body;

    Routes(@Nullable EventExecutor worker) {
      this.worker = worker;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof HttpRequest head) {
        request = head;
      }
      if (message instanceof HttpContent content) {
        collect(context, content);
      }
      HttpRequest current = request;
      if (message instanceof LastHttpContent && current != null) {
        if (current.headers().contains(HttpHeaderNames.UPGRADE)) {
          NettyWebSockets.upgrade(context, this, current, current.uri().equals("/room"));
          return;
        }
        ByteBuf whole = body == null ? Unpooled.EMPTY_BUFFER : body;
        body = null;
        request = null;
        if (worker == null) {
          answer(context, current, whole);
        } else {
          worker.execute(
              () -> {
                answer(context, current, whole);
                context.flush();
              });
        }
      }
    }

    private void collect(ChannelHandlerContext context, HttpContent content) {
      if (!content.content().isReadable()) {
        content.release();
        return;
      }
      CompositeByteBuf parts = body;
      if (parts == null) {
        parts = context.alloc().compositeBuffer(1024);
        body = parts;
      }
      parts.addComponent(true, content.content());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (body != null) {
        body.release();
        body = null;
      }
    }

    private static void answer(ChannelHandlerContext context, HttpRequest request, ByteBuf body) {
      String uri = request.uri();
      int query = uri.indexOf('?');
      FullHttpResponse response =
          switch (query < 0 ? uri : uri.substring(0, query)) {
            case "/plaintext" ->
                ok(HttpHeaderValues.TEXT_PLAIN, Unpooled.wrappedBuffer(Payload.hello()));
            case "/json" ->
                ok(HttpHeaderValues.APPLICATION_JSON, Unpooled.wrappedBuffer(Payload.json()));
            case "/echo" -> ok(HttpHeaderValues.APPLICATION_OCTET_STREAM, body.retain());
            case "/bytes" ->
                ok(
                    HttpHeaderValues.APPLICATION_OCTET_STREAM,
                    Unpooled.wrappedBuffer(Payload.bytes(length(uri))));
            default ->
                response(
                    HttpResponseStatus.NOT_FOUND,
                    HttpHeaderValues.TEXT_PLAIN,
                    Unpooled.EMPTY_BUFFER);
          };
      body.release();
      if (!HttpUtil.isKeepAlive(request)) {
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      }
      ChannelFuture unused =
          context.write(
              response,
              HttpUtil.isKeepAlive(request)
                  ? context.voidPromise()
                  : context.newPromise().addListener(ChannelFutureListener.CLOSE));
    }

    private static String length(String uri) {
      return new QueryStringDecoder(uri).parameters().getOrDefault("n", List.of("")).get(0);
    }

    private static FullHttpResponse ok(CharSequence type, ByteBuf body) {
      return response(HttpResponseStatus.OK, type, body);
    }

    private static FullHttpResponse response(
        HttpResponseStatus status, CharSequence type, ByteBuf body) {
      FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
      response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
      return response;
    }
  }
}
