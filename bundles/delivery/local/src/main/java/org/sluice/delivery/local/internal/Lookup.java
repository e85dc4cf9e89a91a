package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.LocalUser;
import org.sluice.api.delivery.Transport.Mailbox;
import org.sluice.api.delivery.UserDirectory;
import org.sluice.api.delivery.UserLookupException;
import org.sluice.api.program.ExitCode;
import org.sluice.base.PathBytes;
import org.sluice.base.RankedServices;
import org.sluice.base.Uses;

/**
 * Who gets the mail of an address: what qmail-lspawn does before qmail-local (spec 40 section 2).
 */
final class Lookup {
  /** The one refusal that says that an address does not exist. */
  static final String NO_MAILBOX = "Sorry, no mailbox here by that name. (#5.1.1)";

  private static final Duration SOON = Duration.ofSeconds(1);
  private final RankedServices<UserDirectory> users = new RankedServices<>(Uses.DELIVERY);
  private final int uid;
  private final boolean allowRoot;
  private final boolean others;

  /**
   * Without a directory yet.
   *
   * @param uid the server's
   * @param others whether it can deliver to other accounts
   */
  Lookup(int uid, boolean allowRoot, boolean others) {
    this.uid = uid;
    this.allowRoot = allowRoot;
    this.others = others;
  }

  void add(UserDirectory directory, Map<String, ?> properties) {
    users.add(directory, properties);
  }

  void remove(UserDirectory directory) {
    users.remove(directory);
  }

  /** Whether an account is the server's own. */
  boolean own(LocalUser user) {
    return user.uid() == uid;
  }

  /**
   * What an address leads to.
   *
   * @param arguments qmail-local's; empty if it is not run
   * @param otherwise what becomes of the mail then
   * @param trouble what the operator should know
   */
  record Answer(
      Optional<Arguments> arguments, DeliveryResult otherwise, Optional<IOException> trouble) {
    private Answer(DeliveryResult otherwise) {
      this(Optional.empty(), otherwise, Optional.empty());
    }
  }

  /** What a user directory answered. */
  private record Found(
      Optional<LocalUser> user, DeliveryResult otherwise, Optional<IOException> trouble) {}

  /** Asks the first directory that is there. */
  Answer find(String recipient, String sender) throws IOException, InterruptedException {
    int at = recipient.lastIndexOf('@');
    if (at < 0) {
      return new Answer(
          new DeliveryResult.PermFail("Sorry, address must include host name. (#5.1.3)\n"));
    }
    if (at == 0) {
      return new Answer(new DeliveryResult.Delivered(""));
    }
    String local = recipient.substring(0, at);
    Optional<Found> found = users.ask(directory -> Optional.of(ask(directory, local)));
    if (found.isEmpty()) {
      return new Answer(
          new DeliveryResult.TempFail(
              "No user directory at the moment. (#4.3.0)\n", Optional.of(SOON)));
    }
    return found.get().user().isPresent()
        ? of(found.get().user().get(), local, recipient.substring(at + 1), sender)
        : new Answer(Optional.empty(), found.get().otherwise(), found.get().trouble());
  }

  /** A failure is an answer too: another directory might know another user by that name. */
  private static Found ask(UserDirectory directory, String local) throws InterruptedException {
    try {
      return new Found(
          directory.find(local), new DeliveryResult.PermFail(NO_MAILBOX + "\n"), Optional.empty());
    } catch (UserLookupException e) {
      return new Found(Optional.empty(), SpawnReport.of(e.exitCode()), Optional.of(e));
    } catch (IOException e) {
      return new Found(
          Optional.empty(), SpawnReport.of(UserLookupException.SYSTEM), Optional.of(e));
    }
  }

  private Answer of(LocalUser user, String local, String domain, String sender) {
    if (user.uid() == 0 && !allowRoot) {
      return new Answer(SpawnReport.of(SpawnReport.ROOT));
    }
    if (!user.home().isAbsolute()) {
      return new Answer(SpawnReport.of(SpawnReport.USAGE));
    }
    if (!own(user) && !others) {
      return new Answer(
          new DeliveryResult.TempFail(
              "Delivery as another user is not possible: this server runs as uid "
                  + uid
                  + ", the account has uid "
                  + user.uid()
                  + ". (#4.3.0)\n"));
    }
    var arguments = new Arguments(user, PathBytes.bytes(user.home()), local, domain, sender, false);
    return new Answer(Optional.of(arguments), new DeliveryResult.Delivered(""), Optional.empty());
  }

  /** Whether mail for a recipient would find a mailbox. */
  Mailbox mailbox(String recipient) throws IOException, InterruptedException {
    Answer answer = find(recipient, "");
    if (answer.arguments().isEmpty()) {
      return answer.otherwise() instanceof DeliveryResult.PermFail failure
              && failure.why().startsWith(NO_MAILBOX)
          ? Mailbox.MISSING
          : answer.otherwise() instanceof DeliveryResult.Delivered
              ? Mailbox.THERE
              : Mailbox.UNKNOWN;
    }
    Arguments arguments = answer.arguments().get();
    LocalUser user = arguments.user();
    var silent = new Report();
    try {
      Home.check(arguments, new Printer(silent, silent));
      DotQmail.check(user.home(), user.dash(), user.extension(), !own(user));
      return Mailbox.THERE;
    } catch (Refusal e) {
      return e.exit().status() == ExitCode.PERMANENT ? Mailbox.MISSING : Mailbox.UNKNOWN;
    }
  }
}
