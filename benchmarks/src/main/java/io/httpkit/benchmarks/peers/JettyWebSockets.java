package io.httpkit.benchmarks.peers;

import io.httpkit.benchmarks.Payload;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/** Jetty's WebSockets. Public, as Jetty looks for their methods by reflection. */
public final class JettyWebSockets {
  private static final Set<Session> ROOM = ConcurrentHashMap.newKeySet();

  private JettyWebSockets() {}

  /** Sends back what comes. */
  public static class Echo extends Session.Listener.AbstractAutoDemanding {
    @Override
    public void onWebSocketText(String text) {
      getSession().sendText(text, Callback.NOOP);
    }

    @Override
    public void onWebSocketBinary(ByteBuffer bytes, Callback callback) {
      getSession().sendBinary(bytes, callback);
    }
  }

  /** Sends text that comes to all. */
  public static final class Room extends Echo {
    @Override
    public void onWebSocketOpen(Session session) {
      super.onWebSocketOpen(session);
      ROOM.add(session);
      session.sendText(Payload.JOINED, Callback.NOOP);
    }

    @Override
    public void onWebSocketText(String text) {
      for (Session session : ROOM) {
        session.sendText(text, Callback.NOOP);
      }
    }

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
      ROOM.remove(getSession());
      callback.succeed();
    }
  }
}
