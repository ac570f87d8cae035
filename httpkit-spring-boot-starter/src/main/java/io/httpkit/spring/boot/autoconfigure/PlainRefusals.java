package io.httpkit.spring.boot.autoconfigure;

/** Says where the router's refusals are answered as the router does it, and not as problems. */
@FunctionalInterface
interface PlainRefusals {
  /**
   * Whether it is so at this path.
   *
   * @param path as it was sent
   */
  boolean at(String path);
}
