package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.server.RecordingEvents.Kind;
import io.httpkit.server.ScriptedPeer.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a connection goes on behind an answer, and what is said about it. RFC 9112 §9.3. */
class KeepAliveTest {
  @RegisterExtension final NothingLeft servers = new NothingLeft();

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1, '',                                 ''",
    "HTTP/1.1, Connection: keep-alive,             ''",
    "HTTP/1.1, Connection: close,                  close",
    "HTTP/1.1, Connection: CLOSE,                  close",
    "HTTP/1.1, 'Connection: keep-alive, close',    close",
    "HTTP/1.1, 'Connection: closed',               ''",
    "HTTP/1.0, '',                                 close",
    "HTTP/1.0, Connection: close,                  close",
    "HTTP/1.0, Connection: keep-alive,             keep-alive",
    "HTTP/1.0, Connection: Keep-Alive,             keep-alive",
    "HTTP/1.0, 'Connection: keep-alive, close',    close"
  })
  void goesOnAsVersionAndHeaderSay(String version, String line, String expected) throws Exception {
    for (boolean blocking : new boolean[] {true, false}) {
      Handler hello = request -> Response.text("hello");
      HttpServer server = servers.start(blocking ? hello : Handler.nonBlocking(hello));
      ScriptedPeer peer = servers.connect(server);
      String request =
          "GET / " + version + "\r\nHost: a\r\n" + (line.isEmpty() ? "" : line + "\r\n") + "\r\n";
      Reply reply = peer.send(request).read();
      assertThat(reply.text()).isEqualTo("hello");
      assertThat(String.join(",", reply.headers().all("Connection"))).isEqualTo(expected);
      if (expected.equals("close")) {
        peer.expectEof();
      } else {
        assertThat(peer.send(request).read().text()).isEqualTo("hello");
      }
    }
  }

  @Test
  void goesOnForManyRequests() throws Exception {
    HttpServer server = servers.start(request -> Response.text(request.target()));
    ScriptedPeer peer = servers.connect(server);
    for (int i = 0; i < 1000; i++) {
      peer.send("GET /" + i + " HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(peer.read().text()).isEqualTo("/" + i);
    }
    assertThat(servers.events.count(Kind.ACCEPT)).isEqualTo(1);
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void goesOnBehindAnErrorOfTheApplication() throws Exception {
    HttpServer server =
        servers.start(
            request -> {
              throw new IllegalStateException();
            });
    ScriptedPeer peer = servers.connect(server);
    for (int i = 0; i < 3; i++) {
      Reply reply = peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").read();
      assertThat(reply.status()).isEqualTo(500);
      assertThat(reply.headers().contains("Connection")).isFalse();
    }
  }

  @Test
  void keepsConnectionsApart() throws Exception {
    HttpServer server = servers.start(request -> Response.text(request.text()));
    List<ScriptedPeer> peers =
        List.of(servers.connect(server), servers.connect(server), servers.connect(server));
    for (int round = 0; round < 50; round++) {
      for (int i = 0; i < peers.size(); i++) {
        peers.get(i).send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n" + i);
      }
      for (int i = 0; i < peers.size(); i++) {
        peers.get(i).send("abc");
      }
      for (int i = 0; i < peers.size(); i++) {
        assertThat(peers.get(i).read().text()).isEqualTo(i + "abc");
      }
    }
  }
}
