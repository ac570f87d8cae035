package io.httpkit.sample.users;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * The users, in memory, in the order of their ids. Holds a limited number. Safe for all threads.
 */
@Component
class UserStore {
  private final Object lock = new Object();
  private final TreeMap<Long, User> users = new TreeMap<>();
  private final int maxUsers;
  private long lastId;

  UserStore(@Value("${sample.max-users}") int maxUsers) {
    this.maxUsers = maxUsers;
  }

  /** How many users fit in. */
  int maxUsers() {
    return maxUsers;
  }

  /** Adds a user; empty if there is no room. */
  Optional<User> add(UserInput input) {
    synchronized (lock) {
      if (users.size() >= maxUsers) {
        return Optional.empty();
      }
      User user = new User(++lastId, input.name(), input.email());
      users.put(user.id(), user);
      return Optional.of(user);
    }
  }

  /** Replaces a user; empty if there is none of this id. */
  Optional<User> replace(long id, UserInput input) {
    synchronized (lock) {
      return Optional.ofNullable(
          users.computeIfPresent(id, (key, old) -> new User(id, input.name(), input.email())));
    }
  }

  /** Removes a user; false if there is none of this id. */
  boolean remove(long id) {
    synchronized (lock) {
      return users.remove(id) != null;
    }
  }

  Optional<User> find(long id) {
    synchronized (lock) {
      return Optional.ofNullable(users.get(id));
    }
  }

  List<User> all() {
    synchronized (lock) {
      return List.copyOf(users.values());
    }
  }
}
