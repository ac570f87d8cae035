package io.httpkit.spring.boot.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.Order;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether the property of a {@link ConditionalOnSwitch} is true. */
@Order(Ordered.HIGHEST_PRECEDENCE + OnSwitch.WHERE_BOOT_ASKS_FOR_PROPERTIES)
final class OnSwitch extends SpringBootCondition {
  /** Behind the conditions on classes, before those on beans. */
  static final int WHERE_BOOT_ASKS_FOR_PROPERTIES = 40;

  @Override
  public ConditionOutcome getMatchOutcome(
      ConditionContext context, AnnotatedTypeMetadata metadata) {
    MergedAnnotation<ConditionalOnSwitch> asked =
        metadata.getAnnotations().get(ConditionalOnSwitch.class);
    String property = asked.getString("value");
    boolean on =
        EarlyProperties.isTrue(context.getEnvironment(), property, asked.getBoolean("otherwise"));
    return EarlyProperties.outcome(
        on, "@ConditionalOnSwitch", property + " is " + (on ? "on" : "off"));
  }
}
