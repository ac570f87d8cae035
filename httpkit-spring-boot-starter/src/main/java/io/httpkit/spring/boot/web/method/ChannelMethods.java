package io.httpkit.spring.boot.web.method;

import io.httpkit.server.Request;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * The methods of a channel bean.
 *
 * @param message what a text message is read as; null if it is taken as it is
 */
record ChannelMethods(Map<ChannelEvent, Invocable> methods, @Nullable ResolvableType message) {

  boolean has(ChannelEvent event) {
    return methods.containsKey(event);
  }

  Collection<Invocable> all() {
    return methods.values();
  }

  /** The methods with those arguments that come from the request that opens the channel. */
  Bound bind(Request request) throws Exception {
    Map<ChannelEvent, @Nullable Object[]> arguments = new EnumMap<>(ChannelEvent.class);
    for (Map.Entry<ChannelEvent, Invocable> method : methods.entrySet()) {
      arguments.put(method.getKey(), method.getValue().arguments(request));
    }
    return new Bound(this, arguments);
  }

  /** The methods of one channel. */
  record Bound(ChannelMethods methods, Map<ChannelEvent, @Nullable Object[]> arguments) {
    boolean has(ChannelEvent event) {
      return methods.has(event);
    }

    /**
     * Calls the method for this event, if there is one.
     *
     * @param values given to those parameters that want one of their type, of several the last
     */
    @Nullable Object call(ChannelEvent event, Object... values) throws Exception {
      Invocable method = methods.methods().get(event);
      @Nullable Object[] bound = arguments.get(event);
      if (method == null || bound == null) {
        return null;
      }
      @Nullable Object[] all = bound.clone();
      for (Object value : values) {
        method.provide(all, value);
      }
      return method.call(all);
    }
  }
}
