package org.sluice.listeners.pop3.internal;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One account's Maildir, to be served by POP3 (spec 20 sections 12.1 and 12.2).
 *
 * @param base where the Maildir's name begins
 * @param maildir its name, bytes; without one there is none
 * @param owner whose it must be, if the server runs as somebody else
 */
record Mailbox(Path base, Optional<String> maildir, Optional<UserPrincipal> owner) {
  private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);

  /** Serves it to the end of the session. */
  void serve(Client client, Dialogue dialogue, Instant now)
      throws IOException, InterruptedException {
    var messages = new MessageList();
    Maildir opened;
    try (Folder folder = Maildir.enter(base, maildir, owner)) {
      opened = Maildir.scan(folder, now, messages);
    } catch (Maildir.ScanException e) {
      end(client, "unable to scan $HOME/Maildir", e);
      return;
    } catch (IOException | InvalidPathException e) {
      end(client, "this user has no $HOME/Maildir", e);
      return;
    } catch (ArithmeticException | OutOfMemoryError e) {
      end(client, "out of memory", e);
      return;
    }
    try (opened) {
      dialogue.serve();
      new Transaction(client, opened, messages, dialogue).run();
    }
  }

  private void end(Client client, String error, Throwable cause) throws IOException {
    LOG.info("{}: {}/{}: {}", client.connection().id(), base, maildir.orElse(""), cause.toString());
    client.error(error);
    client.out().flush();
  }
}
