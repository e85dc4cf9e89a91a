package org.sluice.base;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.queue.Draft;
import org.sluice.api.queue.Origin;
import org.sluice.api.queue.QueueException;

/** How the programs of dot-qmail lines put mail into the queue (spec 40 sections 12 to 14). */
public final class Resubmission {
  private static final int BLOCK = 65536;

  private Resubmission() {}

  /**
   * Queues DTLINE and descriptor 0, from its present position to its end, for other recipients.
   *
   * @param sender the variable that names the sender
   * @return qmail's {@code qp}
   * @throws ProgramExit status 100 if a variable is not set, 100 or 111 with the queue's words;
   *     nothing is queued then
   */
  public static long submit(ProgramContext context, String sender, List<String> recipients)
      throws ProgramExit, InterruptedException {
    String from = variable(context, sender);
    String prefix = variable(context, "DTLINE");
    try (Draft draft = context.queue().open(origin(context))) {
      OutputStream body = draft.body();
      body.write(prefix.getBytes(StandardCharsets.ISO_8859_1));
      copy(context.in(), body);
      draft.commit(envelope(from, recipients));
      return draft.process();
    } catch (QueueException e) {
      throw QueueStatus.of(e).exit();
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to read message", e);
    }
  }

  private static String variable(ProgramContext context, String name) throws ProgramExit {
    String value = context.environment().get(name);
    if (value == null) {
      throw ProgramExit.permanent(name + " not set");
    }
    return value;
  }

  /** An envelope of strings. */
  public static Envelope envelope(String sender, List<String> recipients) {
    return new Envelope(new ReversePath(sender), recipients.stream().map(Recipient::new).toList());
  }

  /**
   * Whom the queue's trace line names: the alias user, else the owner of the directory in which the
   * program runs, which for a dot-qmail line is the user's home.
   */
  public static Origin origin(ProgramContext context) throws QueueException {
    if ("alias".equals(context.environment().get("USER"))) {
      return Origin.ALIAS;
    }
    try {
      return Origin.user((Integer) Files.getAttribute(context.directory(), "unix:uid"));
    } catch (IOException e) {
      throw new QueueException(
          org.sluice.api.program.ExitCode.HOME, "no owner of " + context.directory(), e);
    }
  }

  private static void copy(InputStream in, OutputStream out)
      throws IOException, InterruptedException {
    byte[] block = new byte[BLOCK];
    for (int n = in.read(block); n >= 0; n = in.read(block)) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while copying the message");
      }
      out.write(block, 0, n);
    }
  }
}
