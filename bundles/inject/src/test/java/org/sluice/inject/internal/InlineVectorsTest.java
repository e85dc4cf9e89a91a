package org.sluice.inject.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors in the text of spec 30, sections 10.3, 11.2 and 11.3. */
class InlineVectorsTest {
  @TempDir Path home;

  /** Content of To, then afterwards with LF as a slash, recipients in the order of the envelope. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a, b@c, d@e.f, g@h+, i@j.k+"
            + "|a@dh.dd.example, b@c.dd.example, d@e.f, g@h.pd.example, i@j.k.pd.example"
            + "|i@j.k.pd.example!g@h.pd.example!d@e.f!b@c.dd.example!a@dh.dd.example",
        "<@r1,@r2:u@h.example>, <@r1:>, <@only>, X <@r:a@b>"
            + "|<u@h.example>, <>, <>, X <a@b.dd.example>"
            + "|a@b.dd.example!!!u@h.example",
        "@r1:u@h.example|@r1:u@h.example|u@h.example",
        "u@h., u@h.., u@, u@., ., @, <>"
            + "|u@h.dd.example, u@h., u@dh.dd.example, u@dh.dd.example, , , <>"
            + "|!!!u@dh.dd.example!u@dh.dd.example!u@h.!u@h.dd.example",
        "u@[1.2.3.4], [5.6.7.8], u@[], v@[ x ]"
            + "|u@[1.2.3.4], [5.6.7.8]@dh.dd.example, u@[], v@[ x ]"
            + "|v@[ x ]!u@[]![5.6.7.8]@dh.dd.example!u@[1.2.3.4]",
        "joe.user@x.y <a@b>, [lit] <c@d>"
            + "|joe.user@x.y <a@b.dd.example>, [lit]@dh.dd.example <c@d.dd.example>"
            + "|c@d.dd.example![lit]@dh.dd.example!a@b.dd.example",
        "<a@b> <c@d>|<a@b.dd.example> <c@d.dd.example>|c@d.dd.example!a@b.dd.example",
        "g: a; b, c: d; e f"
            + "|g: a@dh.dd.example;, b@dh.dd.example, c: d@dh.dd.example;,/  "
            + "e@dh.dd.example, f@dh.dd.example"
            + "|f@dh.dd.example!e@dh.dd.example!d@dh.dd.example!b@dh.dd.example!a@dh.dd.example",
        "a, b; c|a@dh.dd.example, b@dh.dd.example;, c@dh.dd.example"
            + "|c@dh.dd.example!b@dh.dd.example!a@dh.dd.example",
        "z@z.example, g: a, b|z@z.example, g: a, b|b@dh.dd.example!a@dh.dd.example",
        "g: a, h: b;;|g: a, h: b;;|",
        "a <b@c, d|a <b@c.dd.example, d@dh.dd.example|d@dh.dd.example!a<b@c.dd.example",
        "q@r, a b@c>, d|q@r, a b@c>, d|d@dh.dd.example!q@r,ab@c.dd.example",
        ",,a,,b,|, , a@dh.dd.example, , b@dh.dd.example,|b@dh.dd.example!a@dh.dd.example",
        "X <(c) a@b (d)>, <(c)@r:a@b>|X <(c) a@b (d).dd.example>, <(c)@r: a@b.dd.example>"
            + "|@r:a@b.dd.example!a@b.dd.example",
        "a (x (y) \\) z) b|a@dh.dd.example, b@dh.dd.example (x y \\) z)"
            + "|b@dh.dd.example!a@dh.dd.example",
        "u@+, u@h++, u+, u+@h, u@\"h+\""
            + "|u@.pd.example, u@h+.pd.example, u+@dh.dd.example, u+@h.dd.example,/  "
            + "u@\"h+\".dd.example"
            + "|u@h+.dd.example!u+@h.dd.example!u+@dh.dd.example!u@h+.pd.example!u@.pd.example",
        "a . b @ c . d, e .f@g. h|a.b@c.d, e.f@g.h|e.f@g.h!a.b@c.d",
        "a (b|a (b|",
        "\"abc, d@e|\"abc, d@e|",
        "a@b, )|a@b, )|"
      })
  void lists(String content, String printed, String recipients) throws Exception {
    var run = new InjectRun(home);
    assertEquals(
        InjectRun.COMPLETE + "To: " + printed.replace('/', '\n') + "\n\nx\n",
        run.queued(InjectRun.COMPLETE + "To: " + content + "\n\nx\n"));
    var expected = new StringBuilder();
    if (recipients != null) {
      for (String recipient : recipients.split("!", -1)) {
        expected.append('T').append(recipient).append('/');
      }
    }
    assertEquals("Fjoe@dh.dd.example/" + expected + "/", run.envelope());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a|a@dh.dd.example",
        "b@c|b@c.dd.example",
        "a,b|a,b@dh.dd.example",
        "\"q\"@z.example|\"q\"@z.example",
        "a@b c|a@bc.dd.example",
        "x..y@z|x..y@z.dd.example",
        "a@b(comment)|a@b.dd.example",
        "``|``",
        "@|@dh.dd.example",
        "@h.example|@h.example",
        "user@|user@dh.dd.example",
        "<u@h>|<u@h>.dd.example",
        "a@b@c|a@b@c.dd.example",
        "u@h+|u@h.pd.example",
        "u@[]|u@[]",
        "u@x..|u@x.",
        "odd@host)|odd@host).dd.example"
      })
  void arguments(String argument, String recipient) throws Exception {
    var run = new InjectRun(home, argument);
    run.queued("\n");
    assertEquals("Fjoe@dh.dd.example/T" + recipient + "//", run.envelope());
  }

  private String printed(String message) throws Exception {
    var run = new InjectRun(home, "-n");
    assertEquals(0, run.run(message), run.context.stderr());
    return run.context
        .stdout()
        .replaceAll("<\\d{14}\\.\\d+\\.qmail", "<ID.qmail")
        .replace("4 Nov 2026 01:06:07 -0000", "NOW");
  }

  private static final String SENDER = "Return-Path: <joe@dh.dd.example>\n";
  private static final String GENERATED =
      SENDER
          + "Date: NOW\nMessage-ID: <ID.qmail@id.example>\nFrom: joe@dh.dd.example\n"
          + "Cc: recipient list not shown: ;\n";

  @Test
  void wholeMessages() throws Exception {
    String complete = InjectRun.COMPLETE;
    assertEquals(GENERATED + "\nhello\n", printed("\nhello\n"));
    assertEquals(GENERATED, printed(""));
    assertEquals(
        SENDER + complete + "To: a@b.example\n\nnot a field\nmore\n",
        printed(complete + "To: a@b.example\nnot a field\nmore\n"));
    assertEquals(
        GENERATED + "\n x: y\nTo: a@b.example\n\nx\n", printed(" x: y\nTo: a@b.example\n\nx\n"));
    assertEquals(
        "Return-Path: <rp@r.example>\nResent-Date: NOW\n"
            + "Resent-Message-ID: <ID.qmail@id.example>\nResent-From: joe@dh.dd.example\n"
            + "Resent-Cc: recipient list not shown: ;\n"
            + complete
            + "To: h@i.example\nSubject: s\n\nx\n",
        printed(
            complete
                + "To: h@i.example\nBcc: x@y.example\nResent-Bcc: z@y.example\n"
                + "Return-Path: <rp@r.example>\nContent-Length: 55\nSubject: s\n\nx\n"));
  }

  @Test
  void followsUpToLists() throws Exception {
    Files.writeString(home.resolve("lists"), "# comment\n\nLIST@L.example \n");
    String message =
        InjectRun.COMPLETE
            + "To: list@l.example, me\nCc: Other@O.example, \"x y\"@z.example\n\nx\n";
    var run = new InjectRun(home).with("QMAILMFTFILE", "lists");
    assertEquals(
        "Mail-Followup-To: Other@O.example,\n  \"x y\"@z.example,\n  list@l.example,\n"
            + "  me@dh.dd.example\n"
            + message.replace("me\n", "me@dh.dd.example\n"),
        run.queued(message));
    assertEquals(
        message.replace("me\n", "me@dh.dd.example\n"),
        new InjectRun(home).with("QMAILMFTFILE", "missing").queued(message));
  }

  @Test
  void mailsubjsHeader() throws Exception {
    var run = new InjectRun(home).control("defaulthost", "").control("defaultdomain", "h.org");
    String message = run.queued("Subject: My subject\nTo: a b@c d\n\nbody\n");
    assertEquals(
        "Subject: My subject\nTo: a@.h.org, b@c.h.org, d@.h.org\n\nbody\n",
        message.substring(message.indexOf("Subject")));
  }
}
