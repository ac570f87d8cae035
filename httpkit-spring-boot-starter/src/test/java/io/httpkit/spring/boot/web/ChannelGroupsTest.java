package io.httpkit.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.ChannelGroup;
import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ChannelGroupsTest {
  private final ChannelGroups groups = new ChannelGroups();

  @Test
  void oneNameIsOneGroup() {
    ChannelGroup first = groups.group("a");
    assertThat(groups.group("a")).isSameAs(first);
    assertThat(groups.group("b")).isNotSameAs(first);
  }

  @Test
  void aGroupThatNobodyHoldsIsForgotten() {
    ChannelGroup held = groups.group("held");
    for (int i = 0; i < 10_000; i++) {
      groups.group("name " + i);
    }
    waitUntilForgotten(new WeakReference<>(groups.group("last")));
    assertThat(groups.group("held")).isSameAs(held);
  }

  @Timeout(value = 30, unit = TimeUnit.SECONDS)
  private void waitUntilForgotten(WeakReference<ChannelGroup> last) {
    while (last.get() != null || groups.remembered() > 1) {
      System.gc();
    }
  }

  @Test
  void emptyGroupsAreNotShown() {
    ChannelGroup held = groups.group("held");
    assertThat(groups.sizes()).isEmpty();
    assertThat(held.size()).isZero();
  }
}
