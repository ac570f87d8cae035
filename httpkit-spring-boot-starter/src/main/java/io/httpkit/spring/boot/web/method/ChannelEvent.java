package io.httpkit.spring.boot.web.method;

import io.httpkit.channel.CloseStatus;
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
  OPEN(OnOpen.class, null),
  /** A text message, as it is or read as JSON. */
  TEXT(OnMessage.class, null),
  BINARY(OnMessage.class, null),
  CLOSE(OnClose.class, CloseStatus.class),
  ERROR(OnError.class, Throwable.class),
  PING(OnPing.class, byte[].class);

  private final Class<? extends Annotation> annotation;
  private final @Nullable Class<?> detail;

  /**
   * @param detail what a method may ask for; null if nothing, or a message, which is of any type
   */
  ChannelEvent(Class<? extends Annotation> annotation, @Nullable Class<?> detail) {
    this.annotation = annotation;
    this.detail = detail;
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

  boolean isMessage() {
    return this == TEXT || this == BINARY;
  }

  /** Whether a parameter of this type is for what is to be told of the event. */
  boolean isDetail(Class<?> type) {
    return detail != null && detail.isAssignableFrom(type);
  }

  /** {@code @OnMessage}. */
  String shown() {
    return "@" + annotation.getSimpleName();
  }
}
