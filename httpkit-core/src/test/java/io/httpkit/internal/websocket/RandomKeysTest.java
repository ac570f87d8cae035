package io.httpkit.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RandomKeysTest {
  private static final int DRAWN_KEYS = 1024;

  /** Counts: each byte that it gives is in one key. */
  private static final class Counting extends Random {
    private static final long serialVersionUID = 1L;

    private int next;
    private int draws;

    @Override
    public void nextBytes(byte[] bytes) {
      draws++;
      for (int at = 0; at < bytes.length; at += 4) {
        next++;
        for (int i = 0; i < 4; i++) {
          bytes[at + i] = (byte) (next >> (24 - 8 * i));
        }
      }
    }
  }

  @Test
  void drawsManyAtATimeAndGivesEachOnce() {
    Counting random = new Counting();
    RandomKeys keys = new RandomKeys(random);
    for (int i = 1; i <= 3 * DRAWN_KEYS; i++) {
      assertThat(keys.mask()).isEqualTo(i);
      assertThat(random.draws).isEqualTo((i - 1) / DRAWN_KEYS + 1);
    }
  }

  @Test
  void severalThreadsGetNoKeyTwice() throws Exception {
    RandomKeys keys = new RandomKeys(new Counting());
    int each = 100_000;
    List<FutureTask<Set<Integer>>> tasks = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      FutureTask<Set<Integer>> task =
          new FutureTask<>(
              () -> {
                Set<Integer> some = new HashSet<>();
                for (int k = 0; k < each; k++) {
                  some.add(keys.mask());
                }
                return some;
              });
      new Thread(task, "keys").start();
      tasks.add(task);
    }
    Set<Integer> all = new HashSet<>();
    for (FutureTask<Set<Integer>> task : tasks) {
      all.addAll(task.get(20, TimeUnit.SECONDS));
    }
    assertThat(all).hasSize(4 * each).contains(1, 4 * each);
  }

  @Test
  void handshakeKeysAreOf16BytesAndDiffer() {
    RandomKeys keys = new RandomKeys();

    assertThat(keys.handshake()).hasSize(16).isNotEqualTo(keys.handshake());
  }

  @Test
  void masksAreNotTheSameForTwoClients() {
    RandomKeys some = new RandomKeys();
    RandomKeys others = new RandomKeys();
    int same = 0;
    for (int i = 0; i < 100; i++) {
      same += some.mask() == others.mask() ? 1 : 0;
    }
    assertThat(same).isLessThan(3);
  }
}
