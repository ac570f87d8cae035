package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.http.Method;
import io.httpkit.http.Status;
import io.httpkit.server.HttpServer;
import io.httpkit.server.Response;
import io.httpkit.server.ServerTls;
import io.httpkit.tls.TestKeys;
import java.io.ByteArrayInputStream;
import java.util.Objects;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Redirects, from the first request to the last response. */
@Timeout(60)
class RedirectsTest {
  @RegisterExtension final NothingLeft made = new NothingLeft();

  private static String to(int code, String location) {
    return "HTTP/1.1 "
        + code
        + " Elsewhere\r\nLocation: "
        + location
        + "\r\nContent-Length: 0\r\n\r\n";
  }

  /** Leads to {@code /end} with the status that the path says, and tells there what came. */
  private HttpServer echo() throws Exception {
    return made.httpServer(
        request ->
            request.path().equals("/end")
                ? Response.text(
                    request.method()
                        + " "
                        + request.text()
                        + " "
                        + request.header("Content-Type").orElse(null))
                : Response.of(Status.of(Integer.parseInt(request.path().substring(1))))
                    .withHeader("Location", "end"),
        config -> config);
  }

  @ParameterizedTest
  @CsvSource({
    "301, GET, GET",
    "301, HEAD, HEAD",
    "301, POST, GET",
    "301, PUT, GET",
    "302, GET, GET",
    "302, POST, GET",
    "303, GET, GET",
    "303, POST, GET",
    "303, PUT, GET",
    "307, GET, GET",
    "307, POST, POST",
    "307, PUT, PUT",
    "308, GET, GET",
    "308, POST, POST",
    "308, DELETE, DELETE",
  })
  void methodAndBodyAfterARedirect(int code, String method, String expected) throws Exception {
    HttpServer server = echo();
    RequestBuilder request =
        made.client()
            .request(Method.valueOf(method), "http://127.0.0.1:" + server.port() + "/" + code);
    if (!method.equals("GET") && !method.equals("HEAD")) {
      request.body("body").contentType("text/x");
    }

    ClientResponse response = Outcome.of(request.send());

    boolean hasBody = !expected.equals("GET") && !expected.equals("HEAD");
    assertThat(response.text())
        .isEqualTo(expected.equals("HEAD") ? "" : expected + (hasBody ? " body text/x" : "  null"));
    assertThat(response.url()).endsWith("/end");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303})
  void unsafeRedirectKeepsMethodAndBody(int code) throws Exception {
    HttpServer server = echo();

    assertThat(
            Outcome.of(
                    made.client()
                        .post("http://127.0.0.1:" + server.port() + "/" + code)
                        .body("body")
                        .unsafeRedirects(true)
                        .send())
                .text())
        .startsWith("POST body ");
  }

  @ParameterizedTest
  @CsvSource({
    "/c, /c",
    "c, /a/c",
    "../c, /c",
    "?q=1, /a/b?q=1",
    "c#part, /a/c",
  })
  void relativeLocationIsThatOfTheRequest(String location, String expected) throws Exception {
    ScriptedServer server = made.server();
    Future<ClientResponse> response = made.client().get(server.url("/a/b")).send();

    server
        .accept()
        .expect(server.request("GET", "/a/b"))
        .send(to(302, location))
        .expect(server.request("GET", expected))
        .send(ScriptedServer.ok("there"));

    assertThat(Outcome.of(response).text()).isEqualTo("there");
  }

  @Test
  void responseTellsTheWay() throws Exception {
    ScriptedServer server = made.server();
    Future<ClientResponse> response = made.client().get(server.url("/1")).send();

    ScriptedServer.Peer peer = server.accept();
    peer.head();
    peer.send(to(301, "/2")).expect(server.request("GET", "/2")).send(to(307, "/3"));
    peer.expect(server.request("GET", "/3")).send(ScriptedServer.ok(""));

    assertThat(Outcome.of(response).redirects())
        .containsExactly(server.url("/1"), server.url("/2"), server.url("/3"));
    assertThat(Outcome.of(response).url()).isEqualTo(server.url("/3"));
    assertThat(made.events.count(RecordingEvents.Kind.REDIRECT)).isEqualTo(2);
  }

  @Test
  void redirectIsTheResponseIfNoneAreFollowed() throws Exception {
    HttpServer server = echo();

    assertThat(
            Outcome.of(
                    made.client()
                        .get("http://127.0.0.1:" + server.port() + "/302")
                        .followRedirects(false)
                        .send())
                .status()
                .code())
        .isEqualTo(302);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5})
  void loopEndsAtTheLimit(int limit) throws Exception {
    HttpServer server =
        made.httpServer(
            request -> Response.of(Status.FOUND).withHeader("Location", request.path()),
            config -> config);
    HttpClient client = made.client();

    ClientException failure =
        Outcome.failure(
            client.get("http://127.0.0.1:" + server.port() + "/").maxRedirects(limit).send(),
            Kind.REDIRECT);

    assertThat(failure).hasMessageContaining("redirected more than " + limit + " times");
    assertThat(made.events.count(RecordingEvents.Kind.REDIRECT)).isEqualTo(limit);
  }

  @Test
  void secretsStayWithTheirOrigin() throws Exception {
    ScriptedServer first = made.server();
    ScriptedServer second = made.server();
    Future<ClientResponse> response =
        made.client()
            .get(first.url("/"))
            .basicAuth("user", "secret")
            .header("Cookie", "secret=1")
            .header("X-Other", "shown")
            .send();

    ScriptedServer.Peer peer = first.accept();
    assertThat(peer.head()).contains("Authorization: Basic ", "Cookie: secret=1");
    peer.send(to(302, "/same"));
    assertThat(peer.head()).contains("Authorization: Basic ", "Cookie: secret=1");
    peer.send(to(302, second.url("/other")));
    ScriptedServer.Peer other = second.accept();
    assertThat(other.head())
        .contains("X-Other: shown", "Host: " + second.host())
        .doesNotContain("Authorization", "Cookie");
    other.send(ScriptedServer.ok("done"));

    assertThat(Outcome.of(response).text()).isEqualTo("done");
  }

  @Test
  void wayFromHttpsToHttpIsRefused() throws Exception {
    HttpServer server =
        made.httpServer(
            request -> Response.of(Status.FOUND).withHeader("Location", "http://127.0.0.1:1/"),
            config -> config.tls(ServerTls.of(TestKeys.localhost().context())));

    assertThat(
            Outcome.failure(
                made.client().get("https://127.0.0.1:" + server.port() + "/").insecure().send(),
                Kind.REDIRECT))
        .hasMessageContaining("not secure");
  }

  @ParameterizedTest
  @ValueSource(ints = {307, 308})
  void bodyThatCanBeSentOnceOnlyFails(int code) throws Exception {
    HttpServer server = echo();

    assertThat(
            Outcome.failure(
                made.client()
                    .post("http://127.0.0.1:" + server.port() + "/" + code)
                    .body(new ByteArrayInputStream(new byte[] {1}))
                    .send(),
                Kind.REDIRECT))
        .hasMessageContaining("can be sent once only");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Location: /a\r\nLocation: /b\r\n", "Location: ftp://a/\r\n"})
  void badLocationIsRefused(String location) throws Exception {
    ScriptedServer server = made.server();
    Future<ClientResponse> response = made.client().get(server.url("/")).send();
    ScriptedServer.Peer peer = server.accept();
    peer.head();
    peer.send("HTTP/1.1 302 Found\r\n" + location + "Content-Length: 0\r\n\r\n");

    assertThat(Objects.requireNonNull(Outcome.failure(response, Kind.REDIRECT).getMessage()))
        .contains("Location");
  }
}
