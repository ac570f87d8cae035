package io.httpkit.spring.boot.autoconfigure;

import java.util.Collection;
import java.util.List;

/** Several beans could answer the requests that no route takes. */
final class AmbiguousHandlerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> beanNames;

  AmbiguousHandlerException(Collection<String> beanNames) {
    super("several Handler beans, none of them primary: " + String.join(", ", beanNames));
    this.beanNames = List.copyOf(beanNames);
  }

  List<String> beanNames() {
    return beanNames;
  }
}
