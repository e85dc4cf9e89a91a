package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Extensions that do not join as they should. Each one's part in a session is a text. */
class SessionExtensionsTest {
  private static final String NAME = "name";

  private final ExtensionServices<Supplier<String>> services =
      new ExtensionServices<>(() -> Duration.ZERO, Duration.ZERO);

  private Supplier<String> add(String name, Supplier<String> service) {
    services.add(service, NAME, Map.of(NAME, name));
    return service;
  }

  private SessionExtensions<Supplier<String>, String> join()
      throws IOException, InterruptedException {
    return SessionExtensions.join(
        "test", IOException.class, services::present, service -> Optional.of(service.get()));
  }

  private List<String> parts(SessionExtensions<Supplier<String>, String> session) {
    return session.parts().stream().map(SessionExtensions.Part::hooks).toList();
  }

  @Test
  void oneThatLeavesWhileASessionBeginsIsNotInIt() throws Exception {
    var first = add("first", () -> "first");
    add(
        "second",
        () -> {
          services.remove(first); // by another thread, while this one takes its time
          return "second";
        });
    try (var session = join()) {
      assertEquals(List.of("second"), parts(session));
      assertTrue(session.lacks(Set.of("first")));
    }
  }

  @Test
  void anErrorLetsAllOfThemGo() throws Exception {
    add("first", () -> "first");
    add(
        "second",
        () -> {
          throw new AssertionError("broken");
        });
    assertThrows(AssertionError.class, this::join);
    services.present().forEach(e -> assertEquals(List.of(), e.sessions(), e.name()));
  }

  @Test
  void oneThatCallsItselfForEverCannotJoin() throws Exception {
    add("first", SessionExtensionsTest::forever);
    add("second", () -> "second");
    try (var session = join()) {
      assertEquals(List.of("second"), parts(session));
      assertTrue(session.lacks(Set.of("first")));
    }
  }

  private static String forever() {
    return "again " + forever();
  }
}
