package io.httpkit.spring.boot.autoconfigure;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names that RFC 9457 §3.1 gives to the members of a problem. With Spring's own mix-in they
 * follow the naming strategy of the application.
 */
@JsonInclude(Include.NON_EMPTY)
interface ProblemMembers {
  @JsonProperty("type")
  @Nullable URI getType();

  @JsonProperty("title")
  @Nullable String getTitle();

  @JsonProperty("status")
  int getStatus();

  @JsonProperty("detail")
  @Nullable String getDetail();

  @JsonProperty("instance")
  @Nullable URI getInstance();

  @JsonAnyGetter
  @Nullable Map<String, Object> getProperties();

  @JsonAnySetter
  void setProperty(String name, @Nullable Object value);
}
