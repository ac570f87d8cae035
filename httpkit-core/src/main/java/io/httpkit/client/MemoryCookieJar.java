package io.httpkit.client;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** A bounded {@link CookieJar} that forgets with the JVM. Any thread. */
final class MemoryCookieJar implements CookieJar {
  static final int MAX_OF_DOMAIN = 50;
  static final int MAX_IN_ALL = 3000;

  /** RFC 6265 §5.4, step 2. */
  private static final Comparator<StoredCookie> AS_SENT =
      Comparator.comparingInt((StoredCookie cookie) -> -cookie.path().length())
          .thenComparingLong(StoredCookie::created);

  private static final Comparator<Entry> BY_USE =
      Comparator.comparingLong((Entry entry) -> entry.used);

  /** A cookie and the turn in which it was last used. */
  private static final class Entry {
    final StoredCookie cookie;
    long used;

    Entry(StoredCookie cookie, long used) {
      this.cookie = cookie;
      this.used = used;
    }
  }

  private final LongSupplier clockMillis;

  /** Guards all below. Held while a few cookies are looked at; nothing foreign runs under it. */
  private final Object lock = new Object();

  private final Map<String, List<Entry>> byDomain = new HashMap<>();
  private int count;
  private long turn;

  /**
   * @param clockMillis tells the milliseconds since 1970
   */
  MemoryCookieJar(LongSupplier clockMillis) {
    this.clockMillis = clockMillis;
  }

  @Override
  public Optional<String> load(Target target) {
    long now = clockMillis.getAsLong();
    List<StoredCookie> found = new ArrayList<>();
    synchronized (lock) {
      turn++;
      String domain = target.host();
      collect(domain, target, now, found);
      for (int dot = domain.indexOf('.'); dot >= 0; dot = domain.indexOf('.', dot + 1)) {
        collect(domain.substring(dot + 1), target, now, found);
      }
    }
    found.sort(AS_SENT);
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(
            found.stream()
                .map(cookie -> cookie.name() + "=" + cookie.value())
                .collect(Collectors.joining("; ")));
  }

  private void collect(String domain, Target target, long now, List<StoredCookie> into) {
    for (Entry entry : byDomain.getOrDefault(domain, List.of())) {
      if (entry.cookie.matches(target) && !entry.cookie.isExpired(now)) {
        entry.used = turn;
        into.add(entry.cookie);
      }
    }
  }

  @Override
  public void save(Target target, List<String> setCookie) {
    long now = clockMillis.getAsLong();
    for (String line : setCookie) {
      SetCookie field = SetCookie.parse(line);
      if (field != null) {
        save(field, target, now);
      }
    }
  }

  private void save(SetCookie field, Target target, long now) {
    synchronized (lock) {
      StoredCookie cookie = StoredCookie.of(field, target, now, ++turn);
      if (cookie != null && (target.isSecure() || !hidesSecure(cookie, now))) {
        put(cookie, now);
      }
    }
  }

  private boolean hidesSecure(StoredCookie cookie, long now) {
    return byDomain.values().stream()
        .flatMap(Collection::stream)
        .anyMatch(entry -> entry.cookie.isHiddenBy(cookie) && !entry.cookie.isExpired(now));
  }

  /** Replaces the same cookie, which keeps its place in the order, or adds another. */
  private void put(StoredCookie cookie, long now) {
    List<Entry> entries = byDomain.computeIfAbsent(cookie.domain(), unused -> new ArrayList<>());
    StoredCookie kept = cookie;
    for (Entry entry : entries) {
      if (entry.cookie.isSameAs(cookie)) {
        kept = cookie.createdAt(entry.cookie.created());
      }
    }
    count -= entries.size();
    entries.removeIf(entry -> entry.cookie.isSameAs(cookie) || entry.cookie.isExpired(now));
    if (!cookie.isExpired(now)) {
      if (entries.size() == MAX_OF_DOMAIN) {
        entries.remove(entries.stream().min(BY_USE).orElseThrow());
      }
      entries.add(new Entry(kept, turn));
    }
    count += entries.size();
    if (entries.isEmpty()) {
      byDomain.remove(cookie.domain());
    }
    if (count > MAX_IN_ALL) {
      makeRoom(now);
    }
  }

  /** Drops what has expired, and if nothing has, what was not used for longest. */
  private void makeRoom(long now) {
    byDomain.values().forEach(list -> list.removeIf(entry -> entry.cookie.isExpired(now)));
    count = byDomain.values().stream().mapToInt(List::size).sum();
    if (count > MAX_IN_ALL) {
      Entry oldest =
          byDomain.values().stream().flatMap(Collection::stream).min(BY_USE).orElseThrow();
      byDomain.getOrDefault(oldest.cookie.domain(), List.of()).remove(oldest);
      count--;
    }
    byDomain.values().removeIf(List::isEmpty);
  }

  /** How many are kept, expired ones among them. */
  int size() {
    synchronized (lock) {
      return count;
    }
  }
}
