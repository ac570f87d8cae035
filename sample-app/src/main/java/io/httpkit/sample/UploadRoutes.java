package io.httpkit.sample;

import io.httpkit.http.Status;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.server.Router;
import io.httpkit.spring.boot.server.RouterCustomizer;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Tells the size of what is sent to {@code /upload}. */
@Component
class UploadRoutes implements RouterCustomizer {
  private final JsonApi json;

  UploadRoutes(JsonApi json) {
    this.json = json;
  }

  @Override
  public void customize(Router.Builder routes) {
    routes.post("/upload", this::upload);
    routes.put("/upload", this::upload);
  }

  private Response upload(Request request) {
    return json.json(Status.OK, Map.of("bytes", request.bodyLength()));
  }
}
