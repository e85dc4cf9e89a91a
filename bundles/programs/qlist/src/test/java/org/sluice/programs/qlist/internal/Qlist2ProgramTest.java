package org.sluice.programs.qlist.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sluice.testkit.FakeExecution;
import org.sluice.testkit.TestContext;

class Qlist2ProgramTest {
  private final List<String> ran = new ArrayList<>();

  private TestContext context(String... arguments) {
    var context = new TestContext(List.of(arguments));
    return context.programs(
        argv -> {
          ran.addAll(argv);
          return new FakeExecution(context, (in, out) -> 111);
        });
  }

  @Test
  void fillsInTheNames() throws Exception {
    var context = context("list", "h.example", "a b").with(Map.of("USER", "joe"));
    assertEquals(111, new Qlist2Program().run(context));
    assertEquals(
        List.of(
            "qlist",
            "joe-list@h.example",
            "joe-list-request@h.example",
            ".qmail-list",
            ".qmail-list-request",
            ".qtemp-list",
            "joe-list-owner",
            "a b"),
        ran);
  }

  @Test
  void needsListHostAndUser() throws Exception {
    var context = context("list");
    assertEquals(100, new Qlist2Program().run(context));
    assertEquals("qlist2: usage: qlist2 list host [moreinfo]\n", context.stderr());
    context = context("list", "h");
    assertEquals(100, new Qlist2Program().run(context));
    assertEquals("qlist2: fatal: USER not set\n", context.stderr());
    assertEquals(List.of(), ran);
  }
}
