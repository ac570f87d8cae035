package io.httpkit.client;

import io.httpkit.internal.loop.AnyThread;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks the JVM, which asks the system and keeps the answer for a while. That waits, for as long as
 * the system likes: so it has threads of its own, as where callbacks run may be the event loop, or
 * full. There are no more lookups than connections that are being made.
 */
@AnyThread
final class JvmResolver implements Resolver {
  /** Who finds the addresses of a name, and may wait. */
  interface Lookup {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  /** So that a name nobody answers for does not keep all others waiting. */
  private static final int THREADS = 4;

  private static final int IDLE_SECONDS = 5;

  private final Lookup lookup;
  private final ThreadPoolExecutor threads;

  JvmResolver() {
    this(InetAddress::getAllByName);
  }

  JvmResolver(Lookup lookup) {
    this.lookup = lookup;
    AtomicInteger count = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "http-kit-client-lookup-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  @Override
  public CompletionStage<List<InetAddress>> resolve(String host) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return List.of(lookup.addresses(host));
          } catch (UnknownHostException e) {
            throw new CompletionException(e);
          }
        },
        threads);
  }

  /** Looks nothing up any more, and waits for nothing. */
  void close() {
    threads.shutdownNow();
  }
}
