package io.httpkit.spring.boot.test;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.util.ClassUtils;

/** Makes {@link HttpKitTestContextCustomizer} work for every {@code @SpringBootTest}. */
final class HttpKitTestContextCustomizerFactory implements ContextCustomizerFactory {
  /** Spring's test support is also used without that of Spring Boot. */
  private static final boolean BOOT_TEST_PRESENT =
      ClassUtils.isPresent(
          "org.springframework.boot.test.context.SpringBootTest",
          HttpKitTestContextCustomizerFactory.class.getClassLoader());

  @Override
  public @Nullable ContextCustomizer createContextCustomizer(
      Class<?> testClass, List<ContextConfigurationAttributes> configAttributes) {
    return BOOT_TEST_PRESENT ? customizer(testClass) : null;
  }

  private static @Nullable ContextCustomizer customizer(Class<?> testClass) {
    SpringBootTest test =
        TestContextAnnotationUtils.findMergedAnnotation(testClass, SpringBootTest.class);
    return test == null || test.webEnvironment() == WebEnvironment.DEFINED_PORT
        ? null
        : new HttpKitTestContextCustomizer(test.webEnvironment());
  }
}
