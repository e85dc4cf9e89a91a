package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sluice.api.store.Channel;
import org.sluice.api.store.QueuedRecipient;
import org.sluice.testkit.FakeControl;

/** Domains in UTF-8; all else is in the recorded runs. */
class RewriterTest {
  private final Rewriter rewriter =
      new Rewriter(
          new FakeControl(
              Path.of("/"),
              Map.of(
                  "me", "m",
                  "locals", "xn--tda.example",
                  "virtualdomains",
                      "a@xn--4ca.example:one\nxn--4ca.example:two\n.xn--4ca.example:three\n"
                          + bytes("\u00f6.example:four\n")
                          + ":all\n")));

  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private void local(String expected, String address) throws Exception {
    String queued = bytes(expected);
    assertEquals(new QueuedRecipient(Channel.LOCAL, queued), rewriter.rewrite(bytes(address)));
    assertEquals(bytes(address), rewriter.withoutPrefix(queued));
  }

  @Test
  void domainsInUtf8AreFoundUnderTheirALabels() throws Exception {
    local("a@\u00fc.example", "a@\u00fc.example");
    local("a@\u00dc.Example", "a@\u00dc.Example");
    local("two-b@\u00e4.example", "b@\u00e4.example");
    local("three-b@x.\u00e4.example", "b@x.\u00e4.example");
    local("four-b@\u00f6.example", "b@\u00f6.example");
    local("all-b@\u00f6.org", "b@\u00f6.org");
    assertEquals(
        bytes("one-a@\u00e4.example"), rewriter.rewrite(bytes("a@\u00e4.example")).address());
  }

  @Test
  void octetsThatAreNoUtf8AreNobodysLabels() throws Exception {
    assertEquals("all-b@\u00fc.example", rewriter.rewrite("b@\u00fc.example").address());
  }
}
