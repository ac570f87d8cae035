package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.server.HttpServer;
import io.httpkit.server.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** How connections are made. */
@Timeout(60)
class DialTest {
  private static final String HOST = "server.test";
  private static final ClientStatistics NONE = new ClientStatistics(0, 0, 0);

  @RegisterExtension final NothingLeft made = new NothingLeft();

  private static InetAddress address(int... bytes) throws UnknownHostException {
    byte[] all = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      all[i] = (byte) bytes[i];
    }
    return InetAddress.getByAddress(all);
  }

  private HttpClient resolving(InetAddress... addresses) {
    return made.client(
        config -> config.resolver(host -> CompletableFuture.completedFuture(List.of(addresses))));
  }

  /** Answers with the address of the client. */
  private HttpServer server() throws Exception {
    return made.httpServer(
        request -> Response.text(String.valueOf(request.remoteAddress())), config -> config);
  }

  private static String url(int port) {
    return "http://" + HOST + ":" + port + "/";
  }

  @Test
  void resolverSaysWhereTheHostIs() throws Exception {
    HttpServer server = server();

    assertThat(Outcome.of(resolving(address(127, 0, 0, 1)).get(url(server.port())).send()).text())
        .startsWith("/127.0.0.1:");
  }

  @Test
  void nextAddressIsTriedWhenOneRefuses() throws Exception {
    HttpServer server = server();
    HttpClient client =
        resolving(address(127, 0, 0, 2), address(127, 0, 0, 3), address(127, 0, 0, 1));

    assertThat(Outcome.of(client.get(url(server.port())).send()).isSuccess()).isTrue();
    assertThat(client.statistics().open()).isEqualTo(1);
  }

  @Test
  void refusalOfAllAddressesFails() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0)) {
      port = closed.getLocalPort();
    }
    HttpClient client = resolving(address(127, 0, 0, 2), address(127, 0, 0, 1));

    assertThat(Outcome.failure(client.get(url(port)).send(), Kind.CONNECT))
        .hasMessageContaining(HOST + ":" + port);
    assertThat(client.statistics()).isEqualTo(NONE);
  }

  @Test
  void hostWithoutAnAddressFails() throws Exception {
    HttpClient client = resolving();

    assertThat(Outcome.failure(client.get(url(80)).send(), Kind.UNKNOWN_HOST))
        .hasMessageContaining(HOST);
    assertThat(client.statistics()).isEqualTo(NONE);
  }

  @Test
  void failureOfTheResolverIsTheCause() throws Exception {
    UnknownHostException cause = new UnknownHostException("none");
    HttpClient failing =
        made.client(config -> config.resolver(host -> CompletableFuture.failedFuture(cause)));
    IllegalStateException thrown = new IllegalStateException("broken");
    HttpClient throwing =
        made.client(
            config ->
                config.resolver(
                    host -> {
                      throw thrown;
                    }));

    assertThat(Outcome.failure(failing.get(url(80)).send(), Kind.UNKNOWN_HOST)).hasCause(cause);
    assertThat(Outcome.failure(throwing.get(url(80)).send(), Kind.CONNECT)).hasCause(thrown);
    assertThat(throwing.statistics()).isEqualTo(NONE);
  }

  @Test
  void addressOfTheRequestGoesFirst() throws Exception {
    ScriptedServer server = made.server();
    Future<ClientResponse> response =
        made.client().get("http://" + HOST + "/").address(server.address()).send();

    ScriptedServer.Peer peer = server.accept();
    assertThat(peer.head()).contains("Host: " + HOST + "\r\n");
    peer.send(ScriptedServer.ok("here"));

    assertThat(Outcome.of(response).text()).isEqualTo("here");
  }

  @Test
  void addressFinderGoesBeforeTheResolver() throws Exception {
    ScriptedServer server = made.server();
    HttpClient client = made.client(config -> config.addressFinder(url -> server.address()));
    Future<ClientResponse> response = client.get("http://" + HOST + "/").send();

    ScriptedServer.Peer peer = server.accept();
    peer.head();
    peer.send(ScriptedServer.ok("found"));

    assertThat(Outcome.of(response).text()).isEqualTo("found");
  }

  @Test
  void connectionComesFromTheBoundAddress() throws Exception {
    HttpServer server = server();
    InetAddress local = address(127, 0, 0, 9);
    HttpClient client = made.client(config -> config.bindAddress(local));

    assertThat(Outcome.of(client.get("http://127.0.0.1:" + server.port() + "/").send()).text())
        .startsWith("/127.0.0.9:");
  }

  @Test
  void unixDomainSocketIsConnectedTo(@TempDir Path directory) throws Exception {
    Path path = directory.resolve("s");
    try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listening.bind(UnixDomainSocketAddress.of(path));
      Future<ClientResponse> response =
          made.client().get("http://" + HOST + "/").unixSocket(path).send();
      try (SocketChannel peer = listening.accept()) {
        String request = "GET / HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n";
        assertThat(read(peer, request.length())).isEqualTo(request);
        peer.write(ByteBuffer.wrap(ScriptedServer.ok("unix").getBytes(StandardCharsets.US_ASCII)));
        assertThat(Outcome.of(response).text()).isEqualTo("unix");
      }
    }
  }

  private static String read(SocketChannel peer, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining() && peer.read(bytes) >= 0) {
      // the rest comes
    }
    return new String(bytes.array(), StandardCharsets.US_ASCII);
  }
}
