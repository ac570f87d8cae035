package io.httpkit.spring.boot.web.method;

import io.httpkit.spring.boot.web.ArgumentSource;

/** Stands for an argument that is known only when the method is called. */
final class Provided {
  static final ArgumentSource SOURCE = request -> null;

  private Provided() {}
}
