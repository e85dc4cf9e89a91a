package org.sluice.delivery.local.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sluice.api.delivery.DeliveryAgent;
import org.sluice.api.delivery.DeliveryResult;

/** However often agents are replaced, only the classes of the last few are kept. */
class WorkerClassSetsTest {
  private final WorkerClassSets sets = new WorkerClassSets((classes, jars) -> jars.next().close());

  private long services;

  /** As a bundle that was updated: the same agent, but another service. */
  private Map<String, UserAgent> agents() {
    DeliveryAgent agent = delivery -> new DeliveryResult.Delivered("");
    return Map.of("maildir", new UserAgent("maildir", "Agent", agent, 0, services++, Map.of()));
  }

  @Test
  void theSameAgentsShareOneCopy() throws IOException {
    try (sets) {
      Map<String, UserAgent> agents = agents();
      assertSame(sets.of(agents), sets.of(agents));
      assertNotSame(sets.of(agents), sets.of(agents()));
    }
  }

  @Test
  void oldOnesGo() throws IOException {
    List<Path> copies = new ArrayList<>();
    try (sets) {
      for (int i = 0; i < 10; i++) {
        copies.add(Path.of(sets.of(agents()).path()));
      }
      assertEquals(
          copies.subList(10 - WorkerClassSets.KEPT, 10),
          copies.stream().filter(Files::exists).toList());
    }
    assertEquals(List.of(), copies.stream().map(Path::getParent).filter(Files::exists).toList());
  }
}
