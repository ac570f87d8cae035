package io.httpkit.client;

import java.util.concurrent.Flow;

/** The subscription of a subscriber that gets nothing, or nothing more. */
enum NoSubscription implements Flow.Subscription {
  INSTANCE;

  @Override
  public void request(long count) {}

  @Override
  public void cancel() {}
}
