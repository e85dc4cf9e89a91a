package org.sluice.delivery.local.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sluice.testkit.TestContext;

/** qmail-lspawn in a server that runs as root delivers with the rights of the recipient. */
class LspawnWorkersTest extends WorkerFixture {
  @Test
  void othersHaveProcessesOfTheirOwn() throws Exception {
    Path messages = Files.createDirectories(directory.resolve("queue/mess/1"));
    Files.writeString(messages.resolve("24"), MESSAGE);
    Files.setAttribute(directory.resolve("queue"), "unix:mode", 0700);
    Files.writeString(
        home.resolve(".qmail"), "|id -u; id -G; echo $FROM_QMAIL_START >&2\n./box\n&a@x\n");
    var program = new LspawnProgram(directory);
    program.addChannel(transport, Map.of());
    var context =
        new TestContext(List.of("./Mailbox"))
            .with(Map.of("PATH", "/usr/bin:/bin", "FROM_QMAIL_START", "inherited"))
            .stdin("\0051/24\0s@x\0joe@h\0");
    assertEquals(0, program.run(context));
    assertEquals(
        "x\005K" + UID + "\n" + GID + "\ninherited\ndid 1+1+1\nqp 4711\n\0", context.stdout());
    assertEquals(UID, Files.getAttribute(home.resolve("box"), "unix:uid"));
    assertEquals("Fs@x\0Ta@x\0\0", context.queue.queued.get(0).envelope());
    Files.delete(home.resolve(".qmail"));
    context.stdin("\0051/24\0s@x\0joe@h\0");
    assertEquals(0, program.run(context));
    assertTrue(context.stdout().endsWith("x\005Kdid 1+0+0\n\0"), context.stdout());
    assertTrue(Files.exists(home.resolve("Mailbox")), "the default delivery");
  }
}
