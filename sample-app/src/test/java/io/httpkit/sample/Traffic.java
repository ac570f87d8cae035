package io.httpkit.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/** Something of everything that is counted. */
final class Traffic {
  private Traffic() {}

  /** Requests, a WebSocket, a request of the client, rubbish, and TLS where none is spoken. */
  static void drive(int port) throws IOException {
    Client client = new Client(port);
    assertThat(client.get("/hello").statusCode()).isEqualTo(200);
    assertThat(client.get("/rooms/none").statusCode()).isEqualTo(404);
    assertThat(client.get("/upstreams").statusCode()).isEqualTo(200);
    try (SocketClient socket = new SocketClient(port, "/rooms/metrics/chat")) {
      socket.send("{\"from\":\"Ada\",\"text\":\"hello\"}");
      assertThat(socket.nextText()).isEqualTo("Ada: hello");
    }
    assertThat(RawClient.exchange(port, "RUBBISH\r\n\r\n")).contains(" 400 ");
    assertThat(RawClient.exchange(port, "\u0016\u0003\u0001")).contains(" 400 ");
  }
}
