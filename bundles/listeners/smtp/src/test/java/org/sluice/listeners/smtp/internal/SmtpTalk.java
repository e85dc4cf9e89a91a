package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.sluice.api.smtp.SmtpExtension;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.OpenChain;
import org.sluice.testkit.RecordingQueue;

/** Sessions of the real listener with extensions under test, for their bundles' tests. */
public final class SmtpTalk {
  private final SmtpExtension[] extensions;
  private final Map<String, String> files = new HashMap<>(Map.of("me", "m\n"));
  private final Map<String, String> environment = new HashMap<>();
  private Optional<String> insideTls = Optional.empty();
  private boolean deny;
  private boolean waits;

  /** What was queued. */
  public final RecordingQueue queue = new RecordingQueue();

  /** The filters. */
  public final OpenChain chain = new OpenChain();

  /** Sessions with these, the first in order first. */
  public SmtpTalk(SmtpExtension... extensions) {
    this.extensions = extensions;
  }

  /** Sets a control file. */
  public SmtpTalk control(String name, String content) {
    files.put(name, content);
    return this;
  }

  /** Sets a variable. */
  public SmtpTalk with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** What the client says after the handshake; without it TLS fails. */
  public SmtpTalk insideTls(String text) {
    insideTls = Optional.of(text);
    return this;
  }

  /** Every client that the connection is changed to is told that there are too many. */
  public SmtpTalk denyOthers() {
    deny = true;
    return this;
  }

  /** The client waits when it has said all, instead of closing. */
  public SmtpTalk waits() {
    waits = true;
    return this;
  }

  /**
   * One session; all that the server said. It is held several times, with the input in pieces of
   * several sizes, which must make no difference.
   */
  public String say(String text) throws IOException, InterruptedException {
    queue.queued.clear();
    String first = say(text, 1 << 16);
    int queued = queue.queued.size();
    for (int step : new int[] {1, 7}) {
      String again = say(text, step);
      if (!again
              .replaceAll("ok [0-9]+ qp", "ok N qp")
              .equals(first.replaceAll("ok [0-9]+ qp", "ok N qp"))
          || queue.queued.size() != queued * (step == 1 ? 2 : 3)) {
        throw new AssertionError("in pieces of " + step + ":\n" + again + "\nat once:\n" + first);
      }
    }
    while (queue.queued.size() > queued) {
      queue.queued.remove(queued);
    }
    return first;
  }

  /**
   * One session with the input in pieces.
   *
   * @param step octets a read gives at most
   */
  public String say(String text, int step) throws IOException, InterruptedException {
    var dialogue = new Dialogue(text, Map.copyOf(environment), step, waits);
    dialogue.insideTls = insideTls;
    dialogue.deny = deny;
    dialogue.run(new FakeControl(Path.of("/"), files), queue, chain, extensions);
    if (chain.open != 0) {
      throw new AssertionError("a transaction was left open");
    }
    return dialogue.said();
  }

  /** The reply lines, without their ends. */
  public static java.util.List<String> lines(String said) {
    return java.util.List.of(said.split("\r\n"));
  }
}
