package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bodies in chunks. RFC 9112 §7.1. */
class ChunkedRequestTest {
  private static final String HEAD =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  private ScriptedPeer peer() throws Exception {
    return servers.connect(
        servers.start(
            request ->
                Response.bytes(request.bytes())
                    .withHeader("X-Trailers", request.trailers().toString())));
  }

  @Test
  void takesFourMebibytesInChunksOfAnySize() throws Exception {
    ScriptedPeer peer = peer();
    byte[] body = new byte[4 * 1024 * 1024];
    new Random(1).nextBytes(body);
    for (int largest : new int[] {10_000, 100_000, body.length}) {
      Random random = new Random(largest);
      peer.send(HEAD);
      for (int at = 0; at < body.length; ) {
        int size = Math.min(body.length - at, 1 + random.nextInt(largest));
        peer.send(Integer.toHexString(size) + "\r\n");
        peer.send(Arrays.copyOfRange(body, at, at + size)).send("\r\n");
        at += size;
      }
      peer.send("0\r\n\r\n");
      assertThat(peer.read().body()).isEqualTo(body);
    }
  }

  @Test
  void showsTrailersToTheHandler() throws Exception {
    ScriptedPeer peer = peer();
    peer.send(HEAD + "5\r\nhello\r\n0\r\nX-Sum: 1\r\nx-sum: 2\r\nY:  z \r\n\r\n");
    assertThat(peer.read().header("X-Trailers")).isEqualTo("{X-Sum=\"1\", x-sum=\"2\", Y=\"z\"}");
    // and not to the next
    assertThat(peer.send(HEAD + "0\r\n\r\n").read().header("X-Trailers")).isEqualTo("{}");
    assertThat(peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").read().header("X-Trailers"))
        .isEqualTo("{}");
  }

  @Test
  void takesItOneByteAtATime() throws Exception {
    ScriptedPeer peer = peer();
    peer.sendByteByByte(HEAD + "5;a=\"b\"\r\nhello\r\n1\r\n!\r\n0\r\nX: y\r\n\r\n");
    assertThat(peer.read().text()).isEqualTo("hello!");
  }

  @Test
  void takesItSplitAtEachPoint() throws Exception {
    ScriptedPeer peer = peer();
    String all = HEAD + "5\r\nhello\r\n1\r\n!\r\n0\r\nX-Trailer: yes\r\n\r\n";
    for (int i = 1; i < all.length(); i++) {
      peer.send(all.substring(0, i)).send(all.substring(i));
      assertThat(peer.read().text()).isEqualTo("hello!");
    }
  }
}
