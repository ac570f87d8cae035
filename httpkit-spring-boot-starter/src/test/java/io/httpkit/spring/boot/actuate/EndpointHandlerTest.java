package io.httpkit.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.server.Request;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;

class EndpointHandlerTest {
  private record Producing(List<MediaType> produces) implements EndpointOperation {
    static Producing of(String... types) {
      return new Producing(MediaType.parseMediaTypes(List.of(types)));
    }

    @Override
    public List<MediaType> consumes() {
      return List.of();
    }

    @Override
    public @Nullable Object invoke(Request request) {
      return null;
    }
  }

  /** As of the thread dump, whose two operations a JVM may find in either order. */
  @Test
  void jsonIsAskedForBeforeText() {
    Producing text = Producing.of("text/plain");
    Producing json =
        Producing.of("application/vnd.spring-boot.actuator.v3+json", "application/json");
    assertThat(EndpointHandler.jsonFirst(List.of(text, json))).containsExactly(json, text);
    assertThat(EndpointHandler.jsonFirst(List.of(json, text))).containsExactly(json, text);
  }

  @Test
  void othersKeepTheirOrder() {
    Producing one = Producing.of("text/plain");
    Producing other = Producing.of("text/csv");
    assertThat(EndpointHandler.jsonFirst(List.of(one, other))).containsExactly(one, other);
    assertThat(EndpointHandler.jsonFirst(List.of(other, one))).containsExactly(other, one);
  }
}
