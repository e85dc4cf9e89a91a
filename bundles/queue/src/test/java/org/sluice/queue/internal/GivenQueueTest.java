package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.queue.MailQueue;
import org.sluice.api.queue.Origin;
import org.sluice.api.queue.QueueException;
import org.sluice.testkit.RecordingQueue;

/** QMAILQUEUE in the environment of qmail-start. */
class GivenQueueTest {
  @TempDir Path home;
  private final RecordingQueue own = new RecordingQueue();

  private GivenQueue given(Map<String, String> environment) {
    return new GivenQueue(own, environment, () -> home);
  }

  private static void bounce(MailQueue queue) throws IOException {
    try (var draft = queue.open(Origin.BOUNCE)) {
      draft.body().write("Subject: x\n".getBytes(StandardCharsets.US_ASCII));
      draft.commit(new Envelope(ReversePath.NULL, List.of(new Recipient("a@b.example"))));
    }
  }

  @Test
  void theProgramGetsMailOfTheServersOwn() throws IOException {
    Path program = home.resolve("scan");
    Files.writeString(program, "#!/bin/sh\ncat >message\ncat <&1 >envelope\nexit $STATUS\n");
    assertTrue(program.toFile().setExecutable(true));
    var environment = Map.of("QMAILQUEUE", "./scan", "STATUS", "0");
    bounce(given(environment).with(MessageOptions.NONE));
    assertEquals("Subject: x\n", Files.readString(home.resolve("message")));
    assertEquals("F\0Ta@b.example\0\0", Files.readString(home.resolve("envelope")));
    var refusing = given(Map.of("QMAILQUEUE", "./scan", "STATUS", "31"));
    var refused =
        assertThrows(QueueException.class, () -> bounce(refusing.with(MessageOptions.NONE)));
    assertEquals(31, refused.exitCode());
    assertEquals(List.of(), own.queued);
    // A program would lose what was asked.
    assertSame(own, given(environment).with(MessageOptions.NONE.withRequireTls(true)));
    assertSame(own, given(environment).with(MessageOptions.NONE.withSmtpUtf8(true)));
  }

  @Test
  void withoutOneItGoesIntoTheQueueAndWithNoneOfThatNameNowhere() {
    assertSame(own, given(Map.of("PATH", "/bin")).with(MessageOptions.NONE));
    for (String name : List.of("", "./none")) {
      var none = given(Map.of("QMAILQUEUE", name)).with(MessageOptions.NONE);
      assertEquals(120, assertThrows(QueueException.class, () -> bounce(none)).exitCode());
    }
    assertEquals(List.of(), own.queued);
  }
}
