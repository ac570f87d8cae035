package io.httpkit.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EndpointHandlerTest {
  private static EndpointOperation producing(String... types) {
    return new EndpointOperation(List.of(), List.of(types), request -> Optional.empty());
  }

  /** As of the thread dump, whose two operations a JVM may find in either order. */
  @Test
  void jsonIsAskedForBeforeText() {
    EndpointOperation text = producing("text/plain");
    EndpointOperation json =
        producing("application/vnd.spring-boot.actuator.v3+json", "application/json");
    assertThat(EndpointHandler.jsonFirst(List.of(text, json))).containsExactly(json, text);
    assertThat(EndpointHandler.jsonFirst(List.of(json, text))).containsExactly(json, text);
  }

  @Test
  void othersKeepTheirOrder() {
    EndpointOperation one = producing("text/plain");
    EndpointOperation other = producing("text/csv");
    assertThat(EndpointHandler.jsonFirst(List.of(one, other))).containsExactly(one, other);
    assertThat(EndpointHandler.jsonFirst(List.of(other, one))).containsExactly(other, one);
  }
}
