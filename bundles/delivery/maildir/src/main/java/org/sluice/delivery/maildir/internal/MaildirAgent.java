package org.sluice.delivery.maildir.internal;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.delivery.DeliveryAgent;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.base.Directories;
import org.sluice.base.HostName;
import org.sluice.base.PathBytes;
import org.sluice.base.Period;

/**
 * Delivers into a Maildir: the content is forced before the name appears in {@code new}, and the
 * name is forced before the delivery counts as done.
 */
@Component(
    property = {
      DeliveryAgent.AGENT + "=maildir",
      DeliveryAgent.AS_USER + "=org.sluice.delivery.maildir.internal.MaildirAgent"
    })
public final class MaildirAgent implements DeliveryAgent {
  private static final Logger LOG = LoggerFactory.getLogger(MaildirAgent.class);
  private static final int ATTEMPTS = 3;
  private final UniqueName names;
  private final DirectoryForcer directories;
  private final MessageWriter writer;
  private final Sweeper sweeper;

  /** A full disk would fill the log as well: each delivery's report is in that of qmail-send. */
  private final Period complaining = new Period(Duration.ofSeconds(1), System::nanoTime);

  /** By Declarative Services. */
  @Activate
  public MaildirAgent() throws IOException {
    this(Clock.systemUTC(), HostName.get(), Directories::force);
  }

  MaildirAgent(Clock clock, String host, DirectoryForcer.Force force) {
    this.names = new UniqueName(clock, host);
    this.directories = new DirectoryForcer(force);
    this.writer = new MessageWriter(clock);
    this.sweeper = new Sweeper(clock);
  }

  @Override
  public DeliveryResult deliver(Delivery delivery) throws InterruptedException {
    Path maildir;
    try {
      maildir = PathBytes.resolve(delivery.user().home(), delivery.instruction());
    } catch (InvalidPathException e) {
      return fail("Unable to chdir to maildir. (#4.2.1)");
    }
    for (int attempt = 1; ; attempt++) {
      String name = names.next();
      Path tmp = maildir.resolve("tmp/" + name);
      try {
        writer.write(tmp, delivery);
      } catch (FileAlreadyExistsException e) {
        // Names carry microseconds and a counter, so there is no need to wait for a new second.
        if (attempt < ATTEMPTS) {
          continue;
        }
        return temporary(maildir, e);
      } catch (MessageWriter.Failure e) {
        LOG.debug("Maildir delivery to {} failed", maildir, e);
        return fail(e.getMessage());
      } catch (IOException e) {
        return temporary(maildir, e);
      }
      return publish(maildir, name, tmp);
    }
  }

  private DeliveryResult publish(Path maildir, String name, Path tmp) throws InterruptedException {
    Path inbox = maildir.resolve("new");
    Path visible = inbox.resolve(name);
    try {
      // A link never replaces a file, which a rename would.
      Files.createLink(visible, tmp);
    } catch (IOException e) {
      remove(tmp);
      return temporary(maildir, e);
    }
    remove(tmp);
    boolean forced = false;
    try {
      directories.force(inbox);
      forced = true;
      sweeper.sweep(maildir);
      return new DeliveryResult.Delivered("");
    } catch (IOException e) {
      return temporary(maildir, e);
    } finally {
      if (!forced) {
        remove(visible); // it will be delivered again
      }
    }
  }

  private DeliveryResult temporary(Path maildir, IOException cause) {
    // chdir(2) needs the right to search.
    if (!Files.isDirectory(maildir) || !Files.isExecutable(maildir)) {
      return fail("Unable to chdir to maildir. (#4.2.1)");
    }
    if (complaining.begins()) {
      LOG.warn("Maildir delivery to {} failed: {}", maildir, cause.toString());
    }
    return fail("Temporary error on maildir delivery. (#4.3.0)");
  }

  private static DeliveryResult fail(String text) {
    return new DeliveryResult.TempFail(text + "\n");
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("cannot remove {}", file, e);
    }
  }
}
