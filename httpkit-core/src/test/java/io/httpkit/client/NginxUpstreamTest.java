package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.server.HttpServer;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client and our own server, with nginx between them. */
@Tag("counterparts")
@Timeout(60)
class NginxUpstreamTest {
  private static final int MAX_BODY = 8 << 20;
  private static final ClientStatistics NONE = new ClientStatistics(0, 0, 0);

  @RegisterExtension final NothingLeft made = new NothingLeft();
  @RegisterExtension final Counterparts counterparts = new Counterparts();

  @TempDir private Path directory;

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  /** In front of a server that sends back what it gets. */
  private String nginx() throws Exception {
    HttpServer server = made.httpServer(new EchoHandler(), config -> config.maxBody(MAX_BODY));
    int port =
        counterparts.nginx(
            directory,
            """
            upstream echo {
              server 127.0.0.1:%d;
              keepalive 4;
            }
            server {
              listen 127.0.0.1:PORT;
              client_max_body_size 64m;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              location /buffered { proxy_pass http://echo; }
              location /streamed {
                proxy_pass http://echo;
                proxy_request_buffering off;
                proxy_buffering off;
              }
              location /old {
                proxy_pass http://echo;
                proxy_http_version 1.0;
                proxy_set_header Connection close;
              }
              location /socket {
                proxy_pass http://echo;
                proxy_set_header Upgrade $http_upgrade;
                proxy_set_header Connection upgrade;
              }
            }
            """
                .formatted(server.port()));
    return "127.0.0.1:" + port;
  }

  @ParameterizedTest
  @CsvSource({
    "/buffered, false, HTTP/1.1, length",
    "/buffered, true, HTTP/1.1, length",
    "/streamed, false, HTTP/1.1, length",
    "/streamed, true, HTTP/1.1, chunked",
    "/old, false, HTTP/1.0, length",
    "/old, true, HTTP/1.0, length",
  })
  void bodyGoesThereAndBack(String path, boolean isChunked, String protocol, String framing)
      throws Exception {
    String url = "http://" + nginx() + path;
    HttpClient client = made.client();

    for (int length : new int[] {1, 1000, 100_000, MAX_BODY}) {
      byte[] body = random(length);
      RequestBuilder request = client.post(url);
      request = isChunked ? request.body(new ByteArrayInputStream(body)) : request.body(body);

      ClientResponse response = Outcome.of(request.send());

      assertThat(response.status().code()).isEqualTo(200);
      assertThat(Arrays.mismatch(response.bytes(), body)).isEqualTo(-1);
      assertThat(response.header("X-Protocol")).isEqualTo(protocol);
      if (framing.equals("length")) {
        assertThat(response.header("X-Length")).isEqualTo(Integer.toString(length));
      } else if (length == MAX_BODY) {
        // of a smaller one it knows the length if all has come with the head
        assertThat(response.header("X-Length")).isEqualTo(framing);
      }
    }
    assertThat(made.events.count(RecordingEvents.Kind.CONNECT)).isEqualTo(1);
  }

  @Test
  void connectionBetweenNginxAndTheServerIsUsedAgain() throws Exception {
    String url = "http://" + nginx() + "/buffered";
    HttpClient client = made.client();
    Set<String> peers = new HashSet<>();

    for (int i = 0; i < 50; i++) {
      peers.add(String.valueOf(Outcome.of(client.get(url).send()).header("X-Peer")));
    }

    assertThat(peers).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/buffered", "/streamed", "/old"})
  void continueIsAskedFor(String path) throws Exception {
    String url = "http://" + nginx() + path;

    assertThat(Outcome.of(made.client().post(url).body("asked").expectContinue().send()).text())
        .isEqualTo("asked");
  }

  @ParameterizedTest
  @CsvSource({"/buffered, false", "/buffered, true", "/streamed, false", "/streamed, true"})
  void refusalOfTheServerComesThrough(String path, boolean isChunked) throws Exception {
    String url = "http://" + nginx() + path;
    HttpClient client = made.client();
    byte[] body = random(2 * MAX_BODY);
    RequestBuilder request = client.post(url);
    request = isChunked ? request.body(new ByteArrayInputStream(body)) : request.body(body);

    assertThat(Outcome.of(request.send()).status().code()).isEqualTo(413);

    assertThat(Outcome.of(client.post(url).body("small").send()).text()).isEqualTo("small");
  }

  @Test
  void webSocketGoesThroughNginx() throws Exception {
    String authority = nginx();
    HttpClient client = made.client();
    ChannelLog log = new ChannelLog();
    AsyncChannel channel = Outcome.of(client.webSocket("ws://" + authority + "/socket").open(log));

    for (String text : new String[] {"hello", "text ".repeat(50_000), ""}) {
      channel.send(text);
      assertThat(log.next()).isEqualTo(text);
    }
    channel.close(4001, "bye");

    assertThat(log.closed().code()).isEqualTo(4001);
    made.events.await(RecordingEvents.Kind.CLOSE);
    assertThat(client.statistics()).isEqualTo(NONE);
  }

  @Test
  void webSocketIsNotOpenedWhereNginxDoesNotPassItOn() throws Exception {
    String authority = nginx();

    assertThat(
            Outcome.failure(
                made.client().webSocket("ws://" + authority + "/buffered").open(new ChannelLog()),
                ClientException.Kind.PROTOCOL))
        .hasMessageContaining("answers 400");
  }
}
