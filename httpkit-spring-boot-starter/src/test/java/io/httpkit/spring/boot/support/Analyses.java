package io.httpkit.spring.boot.support;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

/** What Spring Boot reports of a start that has failed. */
public final class Analyses {
  private Analyses() {}

  /** Of an application with these settings; fails if nobody knows what is wrong. */
  public static FailureAnalysis of(Throwable failure, String... settings) {
    StandardEnvironment environment = new StandardEnvironment();
    TestPropertyValues.of(settings).applyTo(environment);
    ArgumentResolver arguments =
        ArgumentResolver.of(Environment.class, environment)
            .and(BeanFactory.class, new DefaultListableBeanFactory());
    FailureHandler ignoring = FailureHandler.handleMessage((message, cause) -> {});
    for (FailureAnalyzer analyzer :
        SpringFactoriesLoader.forDefaultResourceLocation()
            .load(FailureAnalyzer.class, arguments, ignoring)) {
      FailureAnalysis analysis = analyzer.analyze(failure);
      if (analysis != null) {
        return analysis;
      }
    }
    throw new AssertionError("nobody knows what is wrong", failure);
  }
}
