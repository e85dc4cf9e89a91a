package org.sluice.listeners.smtp.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.sluice.api.smtp.LineEnds;
import org.sluice.api.smtp.SmtpAnswer;
import org.sluice.api.smtp.SmtpCommand;
import org.sluice.api.smtp.SmtpExtension;
import org.sluice.api.smtp.SmtpHooks;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.OpenChain;
import org.sluice.testkit.RecordingQueue;

/** Whole sessions: replies and mail are those of {@link PlainDialogue}, however the input comes. */
class DialogueFuzzTest {
  private static final Pattern LINE = Pattern.compile("[2-5][0-9][0-9][ -][ -~]*");

  /** The lines that the listener puts in front. */
  private static final Pattern TRACE = Pattern.compile("Received: from [ -~]*\n  by [ -~]*\n");

  private static final List<LineEnds> POLICIES =
      Stream.of(LineEnds.BareLf.values())
          .flatMap(lf -> Stream.of(LineEnds.BareCr.values()).map(cr -> new LineEnds(lf, cr)))
          .toList();

  private static final Map<String, String> ANYBODY = Map.of("RELAYCLIENT", "");
  private static final FakeControl CONTROL = new FakeControl(Path.of("/"), Map.of("me", "m\n"));

  @DictionaryEntries({
    "EHLO x",
    "HELO x",
    "MAIL FROM:<a>",
    "RCPT TO:<b>",
    "DATA",
    "..",
    "BDAT 9",
    "BDAT 0 LAST",
    "RSET",
    "QUIT",
    "NOOP"
  })
  @FuzzTest
  void session(byte[] input) throws Exception {
    String text = new String(input, ISO_8859_1);
    // All policies get their share; with qmail's there is less to see after a bare LF.
    var policy = POLICIES.get(input.length % POLICIES.size());
    var plain = new PlainDialogue(text, policy);
    plain.run();
    for (int piece : new int[] {1, 7, 1 << 20}) {
      var queue = new RecordingQueue();
      var chain = new OpenChain();
      var dialogue = new Dialogue(text, ANYBODY, piece, false);
      dialogue.run(CONTROL, queue, chain, with(policy));
      assertEquals(0, chain.open, "a transaction was left open");
      assertEquals(plain.replies, codes(dialogue.said()));
      assertEquals(plain.queued, queue.queued.stream().map(DialogueFuzzTest::mail).toList());
    }
  }

  private static SmtpExtension with(LineEnds policy) {
    return dialogue -> {
      dialogue.lineEnds(policy);
      return Optional.of(new Chunks());
    };
  }

  private static List<String> codes(String said) {
    assertTrue(said.endsWith("\r\n"), said);
    List<String> codes = new ArrayList<>();
    for (String line : said.substring(0, said.length() - 2).split("\r\n", -1)) {
      assertTrue(LINE.matcher(line).matches(), line);
      codes.add(line.substring(0, 4));
    }
    return codes;
  }

  private static String mail(RecordingQueue.Queued queued) {
    var trace = TRACE.matcher(queued.message());
    assertTrue(trace.lookingAt(), queued::message);
    return queued.envelope() + queued.message().substring(trace.end());
  }

  /** BDAT as the extension has it. */
  private static final class Chunks implements SmtpHooks {
    @Override
    public SmtpAnswer command(SmtpCommand command) {
      var chunk = PlainDialogue.CHUNK.matcher(command.verb() + " " + command.argument());
      return chunk.matches()
          ? new SmtpAnswer.Chunk(Long.parseLong(chunk.group(1)), chunk.group(2) != null)
          : SmtpAnswer.pass();
    }
  }
}
