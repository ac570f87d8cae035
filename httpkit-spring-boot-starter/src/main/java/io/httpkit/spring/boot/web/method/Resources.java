package io.httpkit.spring.boot.web.method;

import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.server.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;

/** Resources as results. */
final class Resources {
  private Resources() {}

  /** Sent piece by piece, as the peer takes it. */
  static Response response(Resource resource, List<MediaType> produces) throws IOException {
    MediaType type =
        produces.isEmpty()
            ? MediaTypeFactory.getMediaType(resource).orElse(MediaType.APPLICATION_OCTET_STREAM)
            : produces.get(0);
    long length = resource instanceof InputStreamResource ? -1 : resource.contentLength();
    InputStream stream = resource.getInputStream();
    return Response.of(
        Status.OK,
        Headers.of(HttpHeaders.CONTENT_TYPE, type.toString()),
        length < 0 ? Body.of(stream) : Body.of(stream, length));
  }
}
