package io.httpkit.sample.upstreams;

import io.httpkit.client.HttpClient;
import io.httpkit.http.Status;
import io.httpkit.sample.JsonApi;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.server.Router;
import io.httpkit.spring.boot.server.RouterCustomizer;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Asks all upstreams at once at {@code /upstreams}, and tells by the deadline what has come of it.
 * No thread waits for them.
 */
@Component
class UpstreamsRoutes implements RouterCustomizer {
  private final UpstreamsProperties properties;
  private final HttpClient client;
  private final JsonApi json;
  private final Environment environment;

  UpstreamsRoutes(
      UpstreamsProperties properties, HttpClient client, JsonApi json, Environment environment) {
    this.properties = properties;
    this.client = client;
    this.json = json;
    this.environment = environment;
  }

  @Override
  public void customize(Router.Builder routes) {
    routes.get("/upstreams", this::askAll);
  }

  private Response askAll(Request request) {
    List<CompletableFuture<UpstreamAnswer>> answers =
        upstreams().stream().map(upstream -> upstream.ask(client, properties.deadline())).toList();
    return Response.async(
        CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
            .thenApply(all -> response(answers.stream().map(CompletableFuture::join).toList())));
  }

  private Response response(List<UpstreamAnswer> answers) {
    return json.json(Status.OK, answers).withHeader("Cache-Control", "no-store");
  }

  private List<Upstream> upstreams() {
    URI self = self();
    return properties.urls().entrySet().stream()
        .map(entry -> new Upstream(entry.getKey(), self.resolve(entry.getValue())))
        .toList();
  }

  /** Known only when the server has started, as the port may be any free one. */
  private URI self() {
    return URI.create("http://localhost:" + environment.getRequiredProperty("local.server.port"));
  }
}
