package io.httpkit.sample.rooms;

import io.httpkit.spring.boot.web.HttpKitController;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.server.ResponseStatusException;

/** Lists, creates, shows and removes rooms. They are kept in memory, and not too many. */
@HttpKitController
@RequestMapping("/rooms")
class Rooms {
  static final int MAX_ROOMS = 1000;

  private final Object lock = new Object();
  private final TreeMap<String, Room> all = new TreeMap<>();

  @GetMapping
  List<Room> list() {
    synchronized (lock) {
      return List.copyOf(all.values());
    }
  }

  @GetMapping("/{id}")
  Room show(@PathVariable String id) {
    synchronized (lock) {
      return found(id, all.get(id));
    }
  }

  @PostMapping
  ResponseEntity<Room> create(@Valid @RequestBody Room room) {
    synchronized (lock) {
      if (all.size() >= MAX_ROOMS) {
        throw new ResponseStatusException(
            HttpStatus.CONFLICT, "There are " + MAX_ROOMS + " rooms already");
      }
      if (all.putIfAbsent(room.id(), room) != null) {
        throw new ResponseStatusException(
            HttpStatus.CONFLICT, "There is a room " + room.id() + " already");
      }
    }
    return ResponseEntity.created(URI.create("/rooms/" + room.id())).body(room);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(@PathVariable String id) {
    synchronized (lock) {
      found(id, all.remove(id));
    }
  }

  private static Room found(String id, @Nullable Room room) {
    if (room == null) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND, "No room " + id);
    }
    return room;
  }
}
