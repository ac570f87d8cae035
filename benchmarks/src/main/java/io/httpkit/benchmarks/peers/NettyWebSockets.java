package io.httpkit.benchmarks.peers;

import io.httpkit.benchmarks.Payload;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelGroupFuture;
import io.netty.channel.group.ChannelMatchers;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.concurrent.GlobalEventExecutor;

/** Netty's WebSockets: its codec and one handler behind it, on the event loop. */
final class NettyWebSockets {
  private static final ChannelGroup ROOM = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

  private NettyWebSockets() {}

  /** Answers the request for an upgrade, and puts another handler in the place of this one. */
  static void upgrade(
      ChannelHandlerContext context, ChannelHandler handler, HttpRequest request, boolean isRoom) {
    WebSocketServerHandshaker handshaker =
        new WebSocketServerHandshakerFactory("ws://127.0.0.1" + request.uri(), null, false)
            .newHandshaker(request);
    if (handshaker == null) {
      ChannelFuture unused =
          WebSocketServerHandshakerFactory.sendUnsupportedVersionResponse(context.channel());
      return;
    }
    FullHttpRequest full =
        new DefaultFullHttpRequest(
            request.protocolVersion(),
            request.method(),
            request.uri(),
            Unpooled.EMPTY_BUFFER,
            request.headers(),
            EmptyHttpHeaders.INSTANCE);
    ChannelFuture answered = handshaker.handshake(context.channel(), full);
    context
        .pipeline()
        .replace(handler, "frames", isRoom ? new Room(handshaker) : new Echo(handshaker));
    if (isRoom) {
      // one flush for all that is broadcast until the event loop gets to it
      context.pipeline().addFirst(new FlushConsolidationHandler(256, true));
      answered.addListener(done -> join(context));
    }
  }

  private static void join(ChannelHandlerContext context) {
    if (ROOM.add(context.channel())) {
      ChannelFuture unused =
          context.channel().writeAndFlush(new TextWebSocketFrame(Payload.JOINED));
    }
  }

  private static class Echo extends ChannelInboundHandlerAdapter {
    private final WebSocketServerHandshaker handshaker;

    Echo(WebSocketServerHandshaker handshaker) {
      this.handshaker = handshaker;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      WebSocketFrame frame = (WebSocketFrame) message;
      if (frame instanceof CloseWebSocketFrame close) {
        ChannelFuture unused = handshaker.close(context.channel(), close);
      } else if (frame instanceof PingWebSocketFrame) {
        ChannelFuture unused =
            context.write(new PongWebSocketFrame(frame.content()), context.voidPromise());
      } else {
        onData(context, frame);
      }
    }

    void onData(ChannelHandlerContext context, WebSocketFrame frame) {
      ChannelFuture unused = context.write(frame, context.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }
  }

  /**
   * To the group: each channel has a view of the same bytes, and nobody asks when it is written.
   */
  private static final class Room extends Echo {
    Room(WebSocketServerHandshaker handshaker) {
      super(handshaker);
    }

    @Override
    void onData(ChannelHandlerContext context, WebSocketFrame frame) {
      if (frame instanceof TextWebSocketFrame) {
        ChannelGroupFuture unused = ROOM.writeAndFlush(frame, ChannelMatchers.all(), true);
      } else {
        super.onData(context, frame);
      }
    }
  }
}
