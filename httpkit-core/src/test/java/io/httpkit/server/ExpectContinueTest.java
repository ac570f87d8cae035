package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.server.ScriptedPeer.Reply;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** RFC 9110 §10.1.1. */
class ExpectContinueTest {
  private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  private final AtomicInteger handled = new AtomicInteger();

  private ScriptedPeer peer() throws Exception {
    return servers.connect(
        servers.start(
            request -> {
              handled.incrementAndGet();
              return Response.text("got " + request.text());
            },
            config -> config.maxBody(10)));
  }

  private static String post(String lines) {
    return "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n" + lines + "\r\n\r\n";
  }

  @Test
  void asksOnceForABody() throws Exception {
    ScriptedPeer peer = peer();
    for (int i = 0; i < 2; i++) {
      peer.send(post("Content-Length: 5")).expect(CONTINUE);
      assertThat(handled).hasValue(i);
      peer.sendByteByByte("hello");
      assertThat(peer.read().text()).isEqualTo("got hello");
    }
  }

  @Test
  void asksOnceForABodyOfChunks() throws Exception {
    ScriptedPeer peer = peer().send(post("Transfer-Encoding: chunked")).expect(CONTINUE);
    peer.sendByteByByte("2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n");
    assertThat(peer.read().text()).isEqualTo("got hello");
  }

  @Test
  void knowsTheExpectationInAnyCase() throws Exception {
    String head = "PUT / HTTP/1.1\r\nHost: a\r\nexpect: 100-Continue\r\nContent-Length: 1\r\n\r\n";
    ScriptedPeer peer = peer().send(head).expect(CONTINUE);
    assertThat(peer.send("x").read().text()).isEqualTo("got x");
  }

  @Test
  void asksAtMostOnceWhenTheBodyCameAlready() throws Exception {
    ScriptedPeer peer = peer().send(post("Content-Length: 5") + "hello");
    Reply reply = peer.read();
    if (reply.status() == 100) {
      reply = peer.read();
    }
    assertThat(reply.text()).isEqualTo("got hello");
  }

  @Test
  void doesNotAskForABodyThatIsTooLarge() throws Exception {
    ScriptedPeer peer = peer().send(post("Content-Length: 11"));
    peer.read().assertRefused(413);
    peer.expectEof();
    assertThat(handled).hasValue(0);
  }

  @Test
  void doesNotAskForABodyOfNothing() throws Exception {
    ScriptedPeer peer = peer().send(post("Content-Length: 0"));
    assertThat(peer.read().text()).isEqualTo("got ");
    assertThat(peer.send(post("X: y")).read().text()).isEqualTo("got ");
  }

  @Test
  void doesNotAskAClientOf10() throws Exception {
    ScriptedPeer peer = peer();
    peer.send("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello");
    assertThat(peer.read().text()).isEqualTo("got hello");
    peer.expectEof();
  }

  @Test
  void refusesAnotherExpectation() throws Exception {
    ScriptedPeer peer = peer();
    peer.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nContent-Length: 5\r\n\r\nhello");
    peer.read().assertRefused(417);
    peer.expectEof();
  }
}
