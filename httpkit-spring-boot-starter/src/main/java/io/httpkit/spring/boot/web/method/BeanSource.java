package io.httpkit.spring.boot.web.method;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * The bean whose method is called. Looked up when it is called first, so that routes can be made
 * before the beans; kept if there is only one. Any thread.
 */
final class BeanSource {
  private final ConfigurableListableBeanFactory beans;
  private final String name;
  private final Class<?> type;
  private final Class<?> userType;
  private final boolean isSingleton;

  /** Written by whichever thread comes first; the same instance whoever it is. */
  private volatile @Nullable Object known;

  private BeanSource(ConfigurableListableBeanFactory beans, String name, Class<?> type) {
    this.beans = beans;
    this.name = name;
    this.type = type;
    this.userType = userType(beans, name, type);
    this.isSingleton = beans.isSingleton(name);
  }

  /**
   * The bean of this name; null if nothing is known of its type, or if it is behind a scoped proxy,
   * which is the bean that is called.
   */
  static @Nullable BeanSource of(ConfigurableListableBeanFactory beans, String name) {
    Class<?> type = ScopedProxyUtils.isScopedTarget(name) ? null : beans.getType(name);
    return type == null ? null : new BeanSource(beans, name, type);
  }

  private static Class<?> userType(
      ConfigurableListableBeanFactory beans, String name, Class<?> type) {
    Class<?> target =
        beans.containsBeanDefinition(name)
            ? AutoProxyUtils.determineTargetClass(beans, name)
            : null;
    return ClassUtils.getUserClass(target == null ? type : target);
  }

  /** What is called, which may be the class of a proxy. */
  Class<?> type() {
    return type;
  }

  /** What was written, with its annotations. */
  Class<?> userType() {
    return userType;
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
