package io.httpkit.sample;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class EchoTest {
  @LocalServerPort private int port;

  @Test
  void sendsBackWhatComes() {
    String large = "ü€𝄞".repeat(50_000);
    try (SocketClient socket = new SocketClient(port, "/echo")) {
      socket.send("hello");
      socket.send(new byte[] {0, 1, -1});
      socket.send(large);
      assertThat(socket.nextText()).isEqualTo("hello");
      assertThat(socket.nextBinary()).containsExactly(0, 1, -1);
      assertThat(socket.nextText()).isEqualTo(large);
    }
  }

  @Test
  void tellsAPlainClientWhatItIs() {
    assertThat(new Client(port).get("/echo").body()).isEqualTo("Open a WebSocket here.\n");
  }
}
