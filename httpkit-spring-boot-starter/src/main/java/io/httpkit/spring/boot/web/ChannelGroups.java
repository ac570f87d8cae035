package io.httpkit.spring.boot.web;

import io.httpkit.channel.ChannelGroup;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Groups of channels by name: the rooms of a chat, the readers of a ticker. Any thread.
 *
 * <p>A group is there as long as somebody is in it or holds it. One that is neither is forgotten,
 * so that names that clients choose do not fill the memory.
 */
public final class ChannelGroups {
  private final ConcurrentHashMap<String, Entry> groups = new ConcurrentHashMap<>();
  private final ReferenceQueue<ChannelGroup> forgotten = new ReferenceQueue<>();

  /** Each member of a group refers to it, so that it is reachable while its members are open. */
  private static final class Entry extends WeakReference<ChannelGroup> {
    private final String name;

    Entry(String name, ChannelGroup group, ReferenceQueue<ChannelGroup> forgotten) {
      super(group, forgotten);
      this.name = name;
    }
  }

  /** No groups. */
  public ChannelGroups() {}

  /** The group of this name, which is the same for all who ask; empty if it is new. */
  public ChannelGroup group(String name) {
    forget();
    Entry known = groups.get(name);
    ChannelGroup group = known == null ? null : known.get();
    return group != null ? group : create(name);
  }

  private ChannelGroup create(String name) {
    ChannelGroup created = new ChannelGroup();
    Entry entry = new Entry(name, created, forgotten);
    while (true) {
      Entry known = groups.putIfAbsent(name, entry);
      ChannelGroup group = known == null ? created : known.get();
      if (group != null) {
        return group;
      }
      groups.remove(name, known);
    }
  }

  /** How many are in each group, by name; groups that are empty are left out. */
  public Map<String, Integer> sizes() {
    forget();
    Map<String, Integer> sizes = new TreeMap<>();
    groups.forEach(
        (name, entry) -> {
          ChannelGroup group = entry.get();
          int size = group == null ? 0 : group.size();
          if (size > 0) {
            sizes.put(name, size);
          }
        });
    return sizes;
  }

  /** How many names are remembered. */
  int remembered() {
    forget();
    return groups.size();
  }

  private void forget() {
    for (Object reference = poll(); reference != null; reference = poll()) {
      Entry entry = (Entry) reference;
      groups.remove(entry.name, entry);
    }
  }

  private @Nullable Object poll() {
    return forgotten.poll();
  }
}
