package io.httpkit.spring.boot.web.method;

import io.httpkit.spring.boot.web.OnClose;
import io.httpkit.spring.boot.web.OnError;
import io.httpkit.spring.boot.web.OnMessage;
import io.httpkit.spring.boot.web.OnOpen;
import io.httpkit.spring.boot.web.OnPing;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;

/** What a method of a channel bean is called for. */
enum ChannelEvent {
  OPEN(OnOpen.class),
  /** A text message, as it is or read as JSON. */
  TEXT(OnMessage.class),
  BINARY(OnMessage.class),
  CLOSE(OnClose.class),
  ERROR(OnError.class),
  PING(OnPing.class);

  private final Class<? extends Annotation> annotation;

  ChannelEvent(Class<? extends Annotation> annotation) {
    this.annotation = annotation;
  }

  /** The event of a method; of a message {@link #TEXT}. Null if it has no such annotation. */
  static @Nullable ChannelEvent of(Method method) {
    for (ChannelEvent event : values()) {
      if (AnnotatedElementUtils.hasAnnotation(method, event.annotation)) {
        return event;
      }
    }
    return null;
  }

  /** {@code @OnMessage}. */
  String shown() {
    return "@" + annotation.getSimpleName();
  }
}
