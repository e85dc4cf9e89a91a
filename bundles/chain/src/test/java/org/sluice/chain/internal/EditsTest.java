package org.sluice.chain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.filter.MessageEdits;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.Notify;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.RecipientOptions;
import org.sluice.api.mail.ReversePath;

/** Changes of the envelope, and the end of a call. */
class EditsTest {
  private static final Recipient ONE = new Recipient("one@d");
  private static final Recipient TWO = new Recipient("two@d");
  @TempDir Path spool;

  private Changes changes(Edits edits) throws Exception {
    return edits.changes(Bench.message("A: b\n\nx"), new SpoolDirectory(spool));
  }

  @Test
  void theEnvelopeInOrder() throws Exception {
    var edits = new Edits();
    edits.removeRecipient(ONE).addRecipient(TWO).changeSender(new ReversePath("new@b"));
    var before = new Envelope(Bench.FROM, List.of(ONE, TWO, ONE));
    assertEquals(
        new Envelope(new ReversePath("new@b"), List.of(TWO, TWO)), changes(edits).apply(before));
    assertFalse(changes(edits).message().isPresent());
  }

  @Test
  void whatWasAskedStaysAndHidesNoAddress() throws Exception {
    var options = MessageOptions.NONE.withSmtpUtf8(true);
    var never = new RecipientOptions(Set.of(Notify.NEVER), Optional.empty());
    var before =
        new Envelope(Bench.FROM, List.of(ONE.withOptions(never), TWO.withOptions(never)), options);
    var edits = new Edits();
    edits.removeRecipient(ONE).changeSender(new ReversePath("new@b")).addRecipient(ONE);
    var after = changes(edits).apply(before);
    assertEquals(List.of(TWO, ONE), after.recipients());
    assertEquals(
        List.of(never, RecipientOptions.NONE),
        after.recipients().stream().map(Recipient::options).toList());
    assertEquals(options, after.options());
  }

  @Test
  void addressesThatTheQueueWouldRefuseForGoodAreRefusedAtOnce() {
    var edits = new Edits();
    String much = "x".repeat(2000);
    assertThrows(IllegalArgumentException.class, () -> edits.addRecipient(new Recipient(much)));
    assertThrows(
        IllegalArgumentException.class, () -> edits.changeSender(new ReversePath("\u0100")));
  }

  @Test
  void nullsFailInTheFiltersOwnCall() {
    var edits = new Edits();
    assertThrows(NullPointerException.class, () -> edits.addHeader("A", null));
    assertThrows(NullPointerException.class, () -> edits.addHeader(null, "b"));
    assertThrows(NullPointerException.class, () -> edits.removeHeader(null, 0));
    assertThrows(NullPointerException.class, () -> edits.replaceBody(null));
    assertThrows(NullPointerException.class, () -> edits.changeSender(null));
    assertThrows(NullPointerException.class, () -> edits.addRecipient(null));
    assertThrows(NullPointerException.class, () -> edits.removeRecipient(null));
  }

  @Test
  void nothingIsTakenAfterTheCall() throws Exception {
    var edits = new Edits();
    assertEquals(Changes.NONE, changes(edits));
    for (Runnable change :
        List.<Runnable>of(
            () -> edits.addHeader("A", "b"),
            () -> edits.replaceHeader("A", 0, "b"),
            () -> edits.removeHeader("A", 0),
            () -> edits.replaceBody(out -> out.write('x')),
            () -> edits.changeSender(ReversePath.NULL),
            () -> edits.addRecipient(ONE),
            () -> edits.removeRecipient(ONE))) {
      assertThrows(IllegalStateException.class, change::run);
    }
  }

  @Test
  void theBodysStreamEndsWithTheCallToo() throws Exception {
    var kept = new AtomicReference<OutputStream>();
    MessageEdits.BodyWriter writer =
        out -> {
          kept.set(out);
          out.write("body".getBytes());
          out.close();
        };
    var edits = new Edits();
    edits.replaceBody(writer);
    Changes changes = changes(edits);
    assertThrows(java.io.IOException.class, () -> kept.get().write('x'));
    assertEquals("A: b\n\nbody", Bench.text(changes.message().orElseThrow()));
  }
}
