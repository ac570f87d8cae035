package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a thread is needed for while it is in callbacks. */
class CallbackGuardTest {
  private final Object one = new Object();
  private final Object other = new Object();

  private static void expectRefusal(Object executor, String why) {
    assertThatIllegalStateException()
        .isThrownBy(() -> CallbackGuard.mayWait(executor))
        .withMessageStartingWith("deadlock-guard: " + why)
        .withMessageContaining("thenCompose");
  }

  @Test
  void callbackIsOfItsExecutor() {
    CallbackGuard.mayWait(one);
    CallbackGuard.run(
        one,
        () -> {
          expectRefusal(one, "a callback");
          CallbackGuard.mayWait(other);
        });
    CallbackGuard.mayWait(one);
  }

  /** The thread is needed by all of them. */
  @Test
  void callbackWithinAnotherIsOfBothExecutors() {
    CallbackGuard.run(
        one,
        () -> {
          CallbackGuard.run(
              other,
              () -> {
                expectRefusal(one, "a callback");
                expectRefusal(other, "a callback");
              });
          CallbackGuard.mayWait(other);
        });
  }

  @Test
  void failureOfACallbackEndsIt() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                CallbackGuard.run(
                    one,
                    () -> {
                      throw new IllegalStateException("thrown");
                    }))
        .withMessage("thrown");
    CallbackGuard.mayWait(one);
  }

  @Test
  void loopIsOneWhateverItRuns() throws Exception {
    CompletableFuture<Void> tried = new CompletableFuture<>();
    Thread loop =
        new Thread(
            () -> {
              try {
                CallbackGuard.enterLoop();
                expectRefusal(one, "an event loop");
                CallbackGuard.run(one, () -> expectRefusal(other, "an event loop"));
                tried.complete(null);
              } catch (RuntimeException | Error e) {
                tried.completeExceptionally(e);
              }
            });
    loop.start();
    loop.join();
    Outcome.of(tried);
  }
}
