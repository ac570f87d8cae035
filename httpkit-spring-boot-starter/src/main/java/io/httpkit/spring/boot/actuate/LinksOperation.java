package io.httpkit.spring.boot.actuate;

import io.httpkit.server.Request;
import java.util.List;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.web.EndpointLinksResolver;
import org.springframework.boot.actuate.endpoint.web.Link;
import org.springframework.http.MediaType;

/** Says where the endpoints are. */
final class LinksOperation implements EndpointOperation {
  private final EndpointLinksResolver links;
  private final List<MediaType> produces;

  LinksOperation(EndpointLinksResolver links, List<String> produces) {
    this.links = links;
    this.produces = MediaType.parseMediaTypes(produces);
  }

  @Override
  public List<MediaType> consumes() {
    return List.of();
  }

  @Override
  public List<MediaType> produces() {
    return produces;
  }

  @Override
  public Map<String, Map<String, Link>> invoke(Request request) {
    return OperationResponseBody.of(Map.of("_links", links.resolveLinks(url(request))));
  }

  /** A client of HTTP/1.0 need not say to which host it came; it gets links without. */
  private static String url(Request request) {
    return request
        .header("Host")
        .map(host -> request.scheme() + "://" + host + request.path())
        .orElse(request.path());
  }
}
