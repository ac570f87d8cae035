package io.httpkit.client;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.internal.loop.AnyThread;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a client, and the requests that wait for one. Bounded for each origin,
 * whichever way leads to it, and in all; what is idle gives way before anybody waits long; who
 * waits is served in the order of coming. The lock is held for a few instructions, never while
 * anybody is told.
 */
@AnyThread
final class ConnectionPool {
  /** What leads to one scheme, host and port, in whichever way. */
  private static final class Site {
    final Map<PoolKey, Shelf> shelves = new HashMap<>(2);

    /** All connections, those included that are being made. */
    int open;
  }

  /** The connections that may be used for one another. */
  private static final class Shelf {
    final Site site;
    final ArrayDeque<Http1ClientProtocol> idle = new ArrayDeque<>(4);
    final Set<Lease> waiting = new LinkedHashSet<>(4);

    /** Those that were given up while a connection is being made for them. */
    final Set<Lease> abandoned = new LinkedHashSet<>(0);

    /** Its part of those of the site. */
    int open;

    Shelf(Site site) {
      this.site = site;
    }
  }

  private final ClientConfig.Pool limits;
  private final Consumer<Lease> dialer;
  private final Consumer<Lease> dialEnder;
  private final Consumer<Lease> onWaiting;
  private final Object lock = new Object();

  // Guarded by lock
  private final Map<Origin, Site> sites = new HashMap<>();
  private final Map<PoolKey, Shelf> shelves = new HashMap<>();

  /** Those for which somebody waits, the first first. */
  private final Set<PoolKey> wanted = new LinkedHashSet<>();

  private int open;
  private int idle;
  private int waiting;

  /** All that have ever waited. */
  private long turns;

  private boolean closed;

  /**
   * @param dialer makes a connection, and tells {@link #connected} or {@link #failed}
   * @param dialEnder told that the connection is of no use that is being made
   * @param onWaiting told of who has to wait
   */
  ConnectionPool(
      ClientConfig.Pool limits,
      Consumer<Lease> dialer,
      Consumer<Lease> dialEnder,
      Consumer<Lease> onWaiting) {
    this.limits = limits;
    this.dialer = dialer;
    this.dialEnder = dialEnder;
    this.onWaiting = onWaiting;
  }

  /** An idle connection, the last used first, as it is the least likely to be closed soon. */
  @Nullable Http1ClientProtocol takeIdle(PoolKey key) {
    synchronized (lock) {
      Shelf shelf = shelves.get(key);
      boolean isTurn = shelf != null && firstWaiting(shelf, false) == null;
      return shelf != null && isTurn ? takeIdle(shelf) : null;
    }
  }

  private @Nullable Http1ClientProtocol takeIdle(Shelf shelf) {
    Http1ClientProtocol last = shelf.idle.pollLast();
    if (last != null) {
      idle--;
    }
    return last;
  }

  /** Has the lease granted when there is a connection for it, or failed. */
  void lease(Lease lease) {
    Http1ClientProtocol free = null;
    Http1ClientProtocol evicted = null;
    ClientException refusal = null;
    boolean dials = false;
    synchronized (lock) {
      Shelf shelf = shelves.computeIfAbsent(lease.key(), this::newShelf);
      if (!lease.isFresh() && firstWaiting(shelf, false) == null) {
        free = takeIdle(shelf);
      }
      if (closed) {
        refusal = ClientException.stopped();
      } else if (free == null && shelf.waiting.isEmpty() && mayOpen(shelf)) {
        dials = true;
        enter(shelf, lease);
      } else if (free == null) {
        evicted = makeRoom(shelf);
        if (evicted == null && waiting >= limits.waiting()) {
          refusal = tooManyWait(shelf, lease);
        } else {
          enqueue(lease, shelf);
        }
      }
      forgetIfEmpty(lease.key(), shelf);
    }
    if (evicted != null) {
      evicted.evict();
    }
    if (refusal != null) {
      lease.fail(refusal);
    } else if (free != null) {
      give(free, lease);
    } else if (dials) {
      dialer.accept(lease);
    } else {
      onWaiting.accept(lease);
    }
  }

  private void enqueue(Lease lease, Shelf shelf) {
    lease.turn(turns++);
    shelf.waiting.add(lease);
    wanted.add(lease.key());
    waiting++;
  }

  /**
   * An idle connection to close, so that its place can be taken when it is; null if none helps. Of
   * the same shelf only at last, where it is idle as whoever waits wants a fresh one.
   */
  private @Nullable Http1ClientProtocol makeRoom(Shelf shelf) {
    if (idle == 0) {
      return null;
    }
    Map<PoolKey, Shelf> helping = isFull(shelf.site) ? shelf.site.shelves : shelves;
    for (Shelf other : helping.values()) {
      Http1ClientProtocol first = other == shelf ? null : other.idle.pollFirst();
      if (first != null) {
        idle--;
        return first;
      }
    }
    return takeIdle(shelf);
  }

  private ClientException tooManyWait(Shelf shelf, Lease lease) {
    return new ClientException(
        Kind.POOL_FULL,
        limits.waiting()
            + " requests wait for a connection already (maxWaiting), one more is refused: "
            + limitOf(shelf, lease.key().origin()));
  }

  /** Which limit keeps requests waiting that wait for this. */
  String limitOf(PoolKey key) {
    synchronized (lock) {
      return limitOf(shelves.get(key), key.origin());
    }
  }

  private String limitOf(@Nullable Shelf shelf, Origin origin) {
    return shelf != null && isFull(shelf.site)
        ? "all "
            + limits.perOrigin()
            + " connections to "
            + origin
            + " (maxConnectionsPerOrigin)"
            + " are in use"
        : "all " + limits.total() + " connections (maxConnections) are in use";
  }

  private boolean mayOpen(Shelf shelf) {
    return !isFull(shelf.site) && open < limits.total();
  }

  private boolean isFull(Site site) {
    return site.open >= limits.perOrigin();
  }

  private void enter(Shelf shelf, Lease lease) {
    lease.isDialed(true);
    shelf.open++;
    shelf.site.open++;
    open++;
  }

  private void forgetIfEmpty(PoolKey key, Shelf shelf) {
    if (shelf.open == 0 && shelf.waiting.isEmpty()) {
      shelves.remove(key);
      shelf.site.shelves.remove(key);
      if (shelf.site.shelves.isEmpty()) {
        sites.remove(key.origin());
      }
    }
  }

  private Shelf newShelf(PoolKey key) {
    Site site = sites.computeIfAbsent(key.origin(), origin -> new Site());
    Shelf made = new Shelf(site);
    site.shelves.put(key, made);
    return made;
  }

  /** A connection is free: for who waits first, or for later, or to make room. */
  void release(Http1ClientProtocol connection) {
    Lease next = null;
    Lease useless = null;
    synchronized (lock) {
      if (connection.isClosed()) {
        // its place is free when that is told
        return;
      }
      Shelf shelf = shelf(connection.key());
      next = firstWaiting(shelf, false);
      if (closed || isInTheWay(shelf, next)) {
        next = null;
      } else if (next == null) {
        shelf.idle.addLast(connection);
        idle++;
        return;
      } else {
        boolean unused = remove(next, connection.key(), shelf);
        useless = takeUseless(shelf);
      }
    }
    endDial(useless);
    if (next == null) {
      connection.evict();
    } else {
      give(connection, next);
    }
  }

  private void give(Http1ClientProtocol connection, Lease lease) {
    if (!lease.grant(connection)) {
      connection.giveBack();
    }
  }

  private Shelf shelf(PoolKey key) {
    Shelf shelf = shelves.get(key);
    if (shelf == null) {
      throw new IllegalStateException("not a connection of this pool: " + key);
    }
    return shelf;
  }

  /** The first that waits for a connection that was used before, or for any. */
  private static @Nullable Lease firstWaiting(Shelf shelf, boolean mayBeFresh) {
    for (Lease next : shelf.waiting) {
      if (mayBeFresh || !next.isFresh()) {
        return next;
      }
    }
    return null;
  }

  /**
   * Whether somebody has waited longer than {@code next}, whom a connection of this shelf does not
   * help, but its place would.
   */
  private boolean isInTheWay(Shelf shelf, @Nullable Lease next) {
    for (PoolKey key : wanted) {
      Shelf other = shelf(key);
      Lease first = firstWaiting(other, true);
      int left = other.site == shelf.site ? other.site.open - 1 : other.site.open;
      boolean isEarlier = first != null && (next == null || first.turn() < next.turn());
      if (isEarlier && left < limits.perOrigin()) {
        return true;
      }
    }
    return false;
  }

  private boolean remove(Lease lease, PoolKey key, Shelf shelf) {
    boolean waited = shelf.waiting.remove(lease);
    if (waited) {
      waiting--;
    }
    if (shelf.waiting.isEmpty()) {
      wanted.remove(key);
    }
    return waited;
  }

  /** Nobody waits with this lease any more; false if it did not wait, or has its turn already. */
  boolean withdraw(Lease lease) {
    boolean waited;
    Lease useless;
    synchronized (lock) {
      Shelf shelf = shelves.get(lease.key());
      if (shelf == null) {
        return false;
      }
      waited = remove(lease, lease.key(), shelf);
      if (lease.isDialed() && lease.call() == null) {
        shelf.abandoned.add(lease);
      }
      useless = takeUseless(shelf);
      forgetIfEmpty(lease.key(), shelf);
    }
    endDial(useless);
    return waited;
  }

  /**
   * A lease that was given up and whose connection, once it is made, helps nobody: fewer wait for
   * one like it than are being made for nobody, or it is in the way. To be asked whenever one of
   * the two numbers has changed by one.
   */
  private @Nullable Lease takeUseless(Shelf shelf) {
    if (shelf.abandoned.isEmpty()) {
      return null;
    }
    boolean isSpare = shelf.abandoned.size() > shelf.waiting.size();
    if (!isSpare && !isInTheWay(shelf, firstWaiting(shelf, false))) {
      return null;
    }
    // the oldest: a peer that answers has done so by now
    Lease oldest = shelf.abandoned.iterator().next();
    shelf.abandoned.remove(oldest);
    return oldest;
  }

  private void endDial(@Nullable Lease useless) {
    if (useless != null) {
      dialEnder.accept(useless);
    }
  }

  private void dialed(Lease lease, Shelf shelf) {
    lease.isDialed(false);
    shelf.abandoned.remove(lease);
  }

  /** A connection that was made for this lease is there: for whoever waits, if it was given up. */
  void connected(Lease lease, Http1ClientProtocol connection) {
    synchronized (lock) {
      dialed(lease, shelf(lease.key()));
    }
    give(connection, lease);
  }

  /** No connection could be made for this lease. */
  void failed(Lease lease, ClientException cause) {
    synchronized (lock) {
      dialed(lease, shelf(lease.key()));
    }
    gone(lease.key());
    lease.fail(cause);
  }

  /** A connection is closed, or serves another purpose from now on. Once for each. */
  void closed(Http1ClientProtocol connection) {
    boolean unused = remove(connection);
    gone(connection.key());
  }

  /** Takes an idle connection out, to be closed; false if it is not idle any more. */
  boolean remove(Http1ClientProtocol connection) {
    synchronized (lock) {
      Shelf shelf = shelves.get(connection.key());
      boolean wasIdle = shelf != null && shelf.idle.remove(connection);
      if (wasIdle) {
        idle--;
      }
      return wasIdle;
    }
  }

  /** One connection fewer: whoever waits longest and may have one gets one. */
  private void gone(PoolKey key) {
    Lease next;
    Lease useless = null;
    synchronized (lock) {
      Shelf shelf = shelf(key);
      shelf.open--;
      shelf.site.open--;
      open--;
      next = nextToDial();
      if (next != null) {
        useless = takeUseless(shelf(next.key()));
      }
      forgetIfEmpty(key, shelf);
    }
    endDial(useless);
    if (next != null) {
      dialer.accept(next);
    }
  }

  private @Nullable Lease nextToDial() {
    Lease next = null;
    for (PoolKey key : wanted) {
      Shelf shelf = shelf(key);
      Lease first = mayOpen(shelf) ? firstWaiting(shelf, true) : null;
      if (first != null && (next == null || first.turn() < next.turn())) {
        next = first;
      }
    }
    if (next != null) {
      Shelf shelf = shelf(next.key());
      boolean unused = remove(next, next.key(), shelf);
      enter(shelf, next);
    }
    return next;
  }

  /** Fails all that wait, and whatever comes from now on. */
  void close() {
    List<Lease> all = new ArrayList<>();
    List<Http1ClientProtocol> connections = new ArrayList<>();
    synchronized (lock) {
      closed = true;
      for (Shelf shelf : shelves.values()) {
        all.addAll(shelf.waiting);
        shelf.waiting.clear();
        connections.addAll(shelf.idle);
      }
      waiting = 0;
      wanted.clear();
    }
    all.forEach(lease -> lease.fail(ClientException.stopped()));
    connections.forEach(Http1ClientProtocol::evict);
  }

  ClientStatistics statistics() {
    synchronized (lock) {
      return new ClientStatistics(open, idle, waiting);
    }
  }
}
