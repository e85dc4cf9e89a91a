package org.sluice.delivery.mbox.internal;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.delivery.DeliveryAgent;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.base.MboxLock;
import org.sluice.base.PathBytes;
import org.sluice.base.SystemError;

/** Appends to an mbox under lock; a failed append leaves the file as it was. */
@Component(
    property = {
      DeliveryAgent.AGENT + "=mbox",
      DeliveryAgent.AS_USER + "=org.sluice.delivery.mbox.internal.MboxAgent"
    })
public final class MboxAgent implements DeliveryAgent {
  private static final Logger LOG = LoggerFactory.getLogger(MboxAgent.class);
  private static final Set<StandardOpenOption> CREATE =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final int TYPE = 0170000;
  private static final int DIRECTORY = 0040000;
  private static final int FIFO = 0010000;
  private static final int REGULAR = 0100000;
  private final MboxLock locks;

  /** By Declarative Services. */
  @Activate
  public MboxAgent() {
    this(Duration.ofSeconds(30));
  }

  MboxAgent(Duration lockLimit) {
    this.locks = new MboxLock(lockLimit);
  }

  @Override
  public DeliveryResult deliver(Delivery delivery) throws InterruptedException {
    String name = delivery.instruction();
    long deadline = locks.deadline();
    ReentrantLock stripe;
    Path path;
    try {
      path = PathBytes.resolve(delivery.user().home(), name);
      int type = type(path);
      if (type == DIRECTORY) {
        return open(name, "is a directory");
      }
      if (type == FIFO) {
        return open(name, "device not configured");
      }
      if (type != REGULAR) {
        // Devices cannot be forced to disk.
        return fail("Unable to write " + name + ": invalid argument. (#4.3.0)");
      }
      stripe = locks.stripe(path);
    } catch (IOException e) {
      return open(name, SystemError.text(e));
    } catch (InvalidPathException e) {
      return open(name, SystemError.UNKNOWN);
    }
    if (!MboxLock.take(stripe, deadline)) {
      return timedOut();
    }
    try {
      return dotLocked(delivery, path, deadline);
    } finally {
      stripe.unlock();
    }
  }

  private static DeliveryResult dotLocked(Delivery delivery, Path path, long deadline)
      throws InterruptedException {
    Path dot = path.resolveSibling(path.getFileName() + ".lock");
    boolean ours = false;
    try {
      ours = MboxLock.dotLock(dot, deadline);
      return append(delivery, path, deadline);
    } catch (MboxLock.TimedOut e) {
      return timedOut();
    } finally {
      if (ours) {
        remove(dot);
      }
    }
  }

  private static DeliveryResult append(Delivery delivery, Path path, long deadline)
      throws InterruptedException, MboxLock.TimedOut {
    FileOutputStream file;
    try {
      file = open(path);
    } catch (IOException e) {
      return open(delivery.instruction(), SystemError.text(e));
    }
    try (file;
        var locks = MboxLock.fileLocks(file.getChannel(), path, deadline)) {
      return new Appender(file, locks.locked()).append(delivery);
    } catch (IOException e) {
      LOG.debug("cannot write {}", path, e); // the report says it
      return fail(
          "Unable to write " + delivery.instruction() + ": " + SystemError.text(e) + ". (#4.3.0)");
    }
  }

  private static FileOutputStream open(Path path) throws IOException {
    if (!Files.exists(path)) {
      // Where a link leads to nothing yet, the file there is as private.
      FileChannel.open(path, CREATE, PRIVATE).close();
    }
    return new FileOutputStream(path.toFile(), true);
  }

  private static int type(Path path) throws IOException {
    try {
      return (Integer) Files.getAttribute(path, "unix:mode") & TYPE;
    } catch (NoSuchFileException e) {
      return REGULAR; // it will be created as one
    }
  }

  private static DeliveryResult timedOut() {
    return fail("File has been locked for 30 seconds straight. (#4.3.0)");
  }

  private static DeliveryResult open(String name, String error) {
    return fail("Unable to open " + name + ": " + error + ". (#4.2.1)");
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
