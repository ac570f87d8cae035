package io.httpkit.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.http.converter.SmartHttpMessageConverter;
import org.springframework.web.bind.annotation.GetMapping;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Converters are told with what type a method declares its result, generics and all. */
class DeclaredTypesTest {
  private static final String BOX = Box.class.getName();

  @Test
  void ofResultsAndTheirElements() {
    WebApp.with(App.class)
        .run(
            context -> {
              WebApp app = WebApp.in(context);
              assertThat(app.get("/numbers").body()).isEqualTo("[{\"value\":1}]");
              assertThat(app.get("/list").body()).isEqualTo("java.util.List<" + text() + ">");
              assertThat(app.get("/numbers").body()).isEqualTo("[{\"value\":1}]");
              assertThat(app.get("/mono").body()).isEqualTo("java.util.List<" + text() + ">");
              assertThat(app.get("/entity").body()).isEqualTo("java.util.List<" + text() + ">");
              assertThat(app.get("/decided").body()).isEqualTo("java.util.List<" + text() + ">");
              assertThat(app.get("/stream").body()).isEqualTo("[" + text() + "]");
              assertThat(app.get("/flux").body()).isEqualTo("[" + text() + "," + text() + "]");
              assertThat(app.get("/events").body()).isEqualTo("data: " + text() + "\n\n");
            });
  }

  private static String text() {
    return BOX + "<java.lang.String>";
  }

  record Box<T>(T value) {}

  /** Writes boxes of text only, as the name of their type. */
  private static final class TypeNames implements SmartHttpMessageConverter<Object> {
    @Override
    public boolean canRead(ResolvableType type, @Nullable MediaType mediaType) {
      return false;
    }

    @Override
    public boolean canWrite(
        ResolvableType type, Class<?> valueClass, @Nullable MediaType mediaType) {
      return type.toString().contains(text())
          && (mediaType == null || mediaType.isCompatibleWith(MediaType.APPLICATION_JSON));
    }

    @Override
    public List<MediaType> getSupportedMediaTypes() {
      return List.of(MediaType.APPLICATION_JSON);
    }

    @Override
    public Object read(
        ResolvableType type, HttpInputMessage input, @Nullable Map<String, Object> hints) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void write(
        Object value,
        ResolvableType type,
        @Nullable MediaType contentType,
        HttpOutputMessage output,
        @Nullable Map<String, Object> hints)
        throws IOException {
      output.getHeaders().setContentType(contentType);
      output.getBody().write(type.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class App {
    @Bean
    ServerHttpMessageConvertersCustomizer typeNames() {
      return builder -> builder.addCustomConverter(new TypeNames());
    }

    @Bean
    Api api() {
      return new Api();
    }
  }

  @HttpKitController
  static class Api {
    private static final Box<String> ONE = new Box<>("1");

    @GetMapping("/numbers")
    List<Box<Integer>> numbers() {
      return List.of(new Box<>(1));
    }

    @GetMapping("/list")
    List<Box<String>> list() {
      return List.of(ONE);
    }

    @GetMapping("/mono")
    Mono<List<Box<String>>> mono() {
      return Mono.just(List.of(ONE));
    }

    @GetMapping("/entity")
    ResponseEntity<List<Box<String>>> entity() {
      return ResponseEntity.ok(List.of(ONE));
    }

    @GetMapping("/decided")
    ResponseEntity<List<Box<String>>> decided() {
      return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(List.of(ONE));
    }

    @GetMapping("/stream")
    Stream<Box<String>> stream() {
      return Stream.of(ONE);
    }

    @GetMapping("/flux")
    Flux<Box<String>> flux() {
      return Flux.just(ONE, ONE);
    }

    @GetMapping("/events")
    Flux<ServerSentEvent<Box<String>>> events() {
      return Flux.just(ServerSentEvent.builder(ONE).build());
    }
  }
}
