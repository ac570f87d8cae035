package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.client.ScriptedServer.Peer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cookies between requests. */
@Timeout(60)
class CookiesTest {
  private static final String SET =
      "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 0\r\n\r\n";

  @RegisterExtension final NothingLeft made = new NothingLeft();

  @Test
  void cookiesAreForgottenWithoutAJar() throws Exception {
    ScriptedServer server = made.server();
    HttpClient client = made.client();
    Future<ClientResponse> first = client.get(server.url("/")).send();
    Peer peer = server.accept();
    peer.head();
    peer.send(SET);
    assertThat(Outcome.of(first).header("Set-Cookie")).isEqualTo("a=1");

    Future<ClientResponse> second = client.get(server.url("/")).send();
    peer.expect(server.request("GET", "/")).send(ScriptedServer.ok(""));
    Outcome.of(second);
  }

  @Test
  void jarGivesBackWhatItKeeps() throws Exception {
    ScriptedServer server = made.server();
    HttpClient client = made.client(config -> config.cookies(CookieJar.inMemory()));
    Future<ClientResponse> first = client.get(server.url("/")).send();
    Peer peer = server.accept();
    assertThat(peer.head()).doesNotContain("Cookie");
    peer.send(SET);
    Outcome.of(first);

    Future<ClientResponse> second = client.get(server.url("/")).send();
    assertThat(peer.head()).contains("Cookie: a=1\r\n");
    peer.send(ScriptedServer.ok(""));
    Outcome.of(second);
  }

  @Test
  void cookieOfARedirectIsSentToWhereItLeads() throws Exception {
    ScriptedServer server = made.server();
    HttpClient client = made.client(config -> config.cookies(CookieJar.inMemory()));
    String setCookie = "Set-Cookie: s=1; Path=/home";
    Future<ClientResponse> response = client.get(server.url("/login")).send();
    Peer peer = server.accept();
    peer.head();
    peer.send(
        "HTTP/1.1 302 Found\r\nLocation: /home\r\n" + setCookie + "\r\nContent-Length: 0\r\n\r\n");
    assertThat(peer.head()).startsWith("GET /home ").contains("Cookie: s=1\r\n");
    peer.send(ScriptedServer.ok(""));
    Outcome.of(response);

    Future<ClientResponse> elsewhere = client.get(server.url("/other")).send();
    assertThat(peer.head()).doesNotContain("Cookie");
    peer.send(ScriptedServer.ok(""));
    Outcome.of(elsewhere);
  }

  /** Throws for one path, when it is asked or when it is told. */
  private static CookieJar broken(boolean inLoad) {
    return new CookieJar() {
      @Override
      public Optional<String> load(Target target) {
        check(inLoad, target);
        return Optional.empty();
      }

      @Override
      public void save(Target target, List<String> fields) {
        check(!inLoad, target);
      }

      private static void check(boolean throwing, Target target) {
        if (throwing && target.path().equals("/broken")) {
          throw new IllegalStateException("broken");
        }
      }
    };
  }

  private void assertOneCallbackError() {
    assertThat(made.events.all(RecordingEvents.Kind.CALLBACK_ERROR))
        .singleElement()
        .satisfies(event -> assertThat(event.error()).hasMessage("broken"));
  }

  @Test
  void jarThatThrowsWhenAskedFailsItsRequestOnly() throws Exception {
    ScriptedServer server = made.server();
    HttpClient client =
        made.client(config -> config.cookies(broken(true)).maxConnectionsPerOrigin(1));
    Future<ClientResponse> first = client.get(server.url("/")).send();
    Peer peer = server.accept();
    peer.head();
    Future<ClientResponse> second = client.get(server.url("/broken")).send();
    Future<ClientResponse> third = client.get(server.url("/")).send();
    peer.send(ScriptedServer.ok("first"));

    assertThat(Outcome.of(first).text()).isEqualTo("first");
    assertThat(Outcome.failure(second)).hasMessage("broken");
    peer.expect(server.request("GET", "/")).send(ScriptedServer.ok("third"));
    assertThat(Outcome.of(third).text()).isEqualTo("third");
    assertOneCallbackError();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 4\r\n\r\nbody",
        "HTTP/1.1 204 No Content\r\nSet-Cookie: a=1\r\n\r\n",
      })
  void jarThatThrowsWhenToldCostsTheCookiesOnly(String answer) throws Exception {
    ScriptedServer server = made.server();
    HttpClient client =
        made.client(config -> config.cookies(broken(false)).maxConnectionsPerOrigin(1));
    Future<ClientResponse> first = client.get(server.url("/broken")).send();
    Future<ClientResponse> second = client.get(server.url("/")).send();
    Peer peer = server.accept();
    peer.expect(server.request("GET", "/broken")).sendByteByByte(answer);

    assertThat(Outcome.of(first).status().code()).isIn(200, 204);
    peer.expect(server.request("GET", "/")).send(ScriptedServer.ok("second"));
    assertThat(Outcome.of(second).text()).isEqualTo("second");
    assertOneCallbackError();
  }
}
