package io.httpkit.spring.boot.web.method;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;

/**
 * The bean whose method is called. Looked up when it is called first, so that routes can be made
 * before the beans; kept if there is only one. Any thread.
 */
final class BeanSource {
  private final BeanFactory beans;
  private final String name;
  private final boolean isSingleton;

  /** Written by whichever thread comes first; the same instance whoever it is. */
  private volatile @Nullable Object known;

  BeanSource(BeanFactory beans, String name) {
    this.beans = beans;
    this.name = name;
    this.isSingleton = beans.isSingleton(name);
  }

  Object get() {
    Object bean = known;
    if (bean == null) {
      bean = beans.getBean(name);
      if (isSingleton) {
        known = bean;
      }
    }
    return bean;
  }
}
