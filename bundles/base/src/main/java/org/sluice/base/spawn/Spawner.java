package org.sluice.base.spawn;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.Threads;

/**
 * qmail-lspawn and qmail-rspawn but for what they run: reads commands from descriptor 0, has them
 * carried out, each on a thread of its own, and reports on descriptor 1 as they end (spec 10
 * sections 12.1 and 12.2).
 */
public final class Spawner {
  /** Deliveries at a time; the greeting tells it. */
  public static final int LIMIT = 120;

  private static final Logger LOG = LoggerFactory.getLogger(Spawner.class);

  /** For deliveries that were interrupted, to end. */
  private static final long GRACE_SECONDS = 10;

  /** What the two programs differ in. */
  public interface Deliveries {
    /** What is run, for the report of one that throws: {@code qmail-local}. */
    String program();

    /** Called once before the greeting; the status to exit with at once, empty to go on. */
    default OptionalInt begin() {
      return OptionalInt.empty();
    }

    /**
     * One delivery; the report is the letter of the result (K, Z or D) and its text up to a NUL.
     * Called on threads of the spawner's, up to {@value Spawner#LIMIT} calls at a time: what the
     * context opens is not for them. A throw counts as a crash, which is temporary. An interrupt
     * asks for an end soon.
     *
     * @param command whose recipient has an at sign
     * @param message its file in the queue
     */
    DeliveryResult deliver(SpawnCommand command, MessageSource message)
        throws IOException, InterruptedException;
  }

  private final Deliveries deliveries;
  private final OutputStream out;
  private final MessageFiles messages;
  private final ExecutorService threads;
  private final ReentrantLock lock = new ReentrantLock();

  /** Slots with a delivery; added by the one thread that reads commands. */
  private final Set<Integer> busy = ConcurrentHashMap.newKeySet();

  private Spawner(
      Deliveries deliveries, OutputStream out, MessageFiles messages, ExecutorService threads) {
    this.deliveries = deliveries;
    this.out = out;
    this.messages = messages;
    this.threads = threads;
  }

  /**
   * Runs until descriptor 0 ends and all deliveries have. An interrupt is as the end of descriptor
   * 0, for streams that heed it: qmail-send has gone, or the spawner is to go. A further one ends
   * the deliveries.
   *
   * @param home with the directory queue/mess
   * @return the exit status: 111 if there is no such directory
   */
  public static int run(ProgramContext context, Path home, Deliveries deliveries)
      throws InterruptedException {
    MessageFiles messages;
    try {
      messages = MessageFiles.of(home);
    } catch (IOException e) {
      LOG.warn("no queue to deliver from: {}", e.toString());
      return ExitCode.TEMPORARY;
    }
    OptionalInt status = deliveries.begin();
    if (status.isPresent()) {
      return status.getAsInt();
    }
    // They block on files and pipes, so they do not belong on virtual threads.
    ExecutorService threads = Threads.pooled(deliveries.program() + "-");
    try {
      var spawner = new Spawner(deliveries, context.out(), messages, threads);
      spawner.write(new byte[] {LIMIT});
      spawner.serve(new SpawnCommands(context.in()));
      if (Thread.interrupted()) {
        LOG.info("{}: no more commands are taken", deliveries.program());
      }
      threads.shutdown();
      while (!threads.awaitTermination(1, TimeUnit.HOURS)) {
        LOG.debug("waiting for deliveries by {}", deliveries.program());
      }
      return ExitCode.OK;
    } finally {
      threads.shutdownNow();
      threads.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void serve(SpawnCommands commands) {
    try {
      for (var next = commands.next(); next.isPresent(); next = commands.next()) {
        begin(next.get());
      }
    } catch (IOException e) {
      LOG.debug("no more commands: {}", e.toString()); // as the end
    }
  }

  private void begin(SpawnCommand command) {
    try {
      start(command, accept(command));
    } catch (SpawnRefusal e) {
      write(command.slot(), e.report());
    }
  }

  private void start(SpawnCommand command, MessageSource message) throws SpawnRefusal {
    busy.add(command.slot());
    try {
      threads.execute(() -> carryOut(command, message));
    } catch (OutOfMemoryError e) { // no more threads
      busy.remove(command.slot());
      throw SpawnRefusal.temporary("qmail-spawn unable to fork. (#4.3.0)\n");
    }
  }

  /** The checks in qmail's order. */
  private MessageSource accept(SpawnCommand command) throws SpawnRefusal {
    if (!command.whole()) {
      throw SpawnRefusal.temporary("qmail-spawn out of memory. (#4.3.0)\n");
    }
    int slot = command.slot();
    if (slot >= LIMIT) {
      throw SpawnRefusal.temporary("Internal error: delnum too big. (#4.3.5)\n");
    }
    if (busy.contains(slot)) {
      throw SpawnRefusal.temporary("Internal error: delnum in use. (#4.3.5)\n");
    }
    command.check();
    return messages.find(command.messageId());
  }

  private void carryOut(SpawnCommand command, MessageSource message) {
    DeliveryResult report;
    try {
      report = deliveries.deliver(command, message);
    } catch (Throwable e) { // whatever it is, the mail is to wait
      LOG.warn("{} failed, message {}", deliveries.program(), command.messageId(), e);
      report = temporary(deliveries.program() + " crashed.\n");
    }
    busy.remove(command.slot()); // before anybody can know that it is free
    write(command.slot(), report);
  }

  private static DeliveryResult temporary(String why) {
    return new DeliveryResult.TempFail(why);
  }

  private void write(int slot, DeliveryResult report) {
    String text = text(report);
    int nul = text.indexOf('\0');
    String cut = nul < 0 ? text : text.substring(0, nul);
    write(((char) slot + cut + '\0').getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String text(DeliveryResult report) {
    if (report instanceof DeliveryResult.Delivered done) {
      return "K" + done.detail();
    }
    if (report instanceof DeliveryResult.DeliveredStop stop) {
      return "K" + stop.detail();
    }
    if (report instanceof DeliveryResult.PermFail failure) {
      return "D" + failure.why();
    }
    return "Z" + ((DeliveryResult.TempFail) report).why();
  }

  /** A reader that has gone misses it: what is delivered is delivered. */
  private void write(byte[] octets) {
    lock.lock();
    try {
      out.write(octets);
      out.flush();
    } catch (IOException e) {
      LOG.debug("a report is lost: {}", e.toString());
    } finally {
      lock.unlock();
    }
  }
}
