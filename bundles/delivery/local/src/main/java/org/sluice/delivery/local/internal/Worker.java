package org.sluice.delivery.local.internal;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.mail.MessageSource;
import org.sluice.base.Threads;
import org.sluice.base.program.ProcessGroups;

/** The server's end of a {@link WorkerMain}. One delivery at a time. */
final class Worker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final int BUFFER = 1 << 16;

  /** Small and quick to start. */
  private static final List<String> JVM =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:-UsePerfData",
          "-Xshare:auto",
          "-Xmx128m",
          "-Dslf4j.internal.verbosity=ERROR");

  /** From this version on mailboxes are locked with flock(2) too. */
  private static final int NATIVE = 22;

  /** Lines of its log that are passed on, and their length: it is in its user's hands. */
  private static final int LOG_LINES = 200;

  private static final int LOG_LENGTH = 500;
  private final WorkerUser user;
  private final Map<String, String> common;
  private final Process process;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final ReentrantLock conversation = new ReentrantLock();
  private boolean greeted;
  private volatile boolean killed;
  private volatile boolean closed;

  private Worker(WorkerUser user, Map<String, String> common, Process process) {
    this.user = user;
    this.common = common;
    this.process = process;
    this.in = new DataInputStream(new BufferedInputStream(process.getInputStream(), BUFFER));
    this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), BUFFER));
  }

  /**
   * Starts a process with the user's rights, and no other. Its programs are the user's, and may be
   * set-uid ones (sendmail, procmail, sudo) as under qmail-local: nothing forbids new rights. The
   * supplementary groups are the group alone, as qmail-lspawn has it.
   */
  static Worker start(WorkerUser user, Map<String, String> common, WorkerClasses classes)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "setpriv",
                "--reuid=" + Integer.toUnsignedString(user.uid()),
                "--regid=" + Integer.toUnsignedString(user.gid()),
                "--groups=" + Integer.toUnsignedString(user.gid()),
                "--inh-caps=-all",
                "--",
                Path.of(System.getProperty("java.home"), "bin/java").toString()));
    if (Runtime.version().feature() >= NATIVE) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(JVM);
    command.addAll(List.of("-cp", classes.path(), WorkerMain.class.getName()));
    var builder = new ProcessBuilder(command).directory(new File("/"));
    builder.environment().clear();
    builder.environment().putAll(Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C.UTF-8"));
    var worker = new Worker(user, common, builder.start());
    Threads.platform("sluice-worker-log-").newThread(worker::passOnLog).start();
    return worker;
  }

  /** The first words: which agents there are. */
  private void greet() throws IOException {
    Frame agents = Frame.of(Frame.Kind.AGENTS).put(user.agents().size());
    for (UserAgent agent : user.agents().values()) {
      var properties = new HashMap<>(common);
      properties.putAll(agent.properties());
      agents.put(agent.kind()).put(agent.type()).put(properties);
    }
    agents.send(out);
    Frame ready = Frame.receive(in, Frame.Kind.READY);
    if (ready.number() != user.uid() || ready.number() != user.gid()) {
      throw new IOException("the worker has not become its user");
    }
  }

  /** What it is asked to do for the server's part. */
  @FunctionalInterface
  interface Helper {
    /** Answers a HAS or a CALL. */
    DeliveryResult help(Frame call) throws IOException, InterruptedException;
  }

  /**
   * One delivery; its output has been printed when it returns. After a throw the worker is of no
   * more use.
   */
  Exit deliver(
      Arguments arguments, WorkerOrder order, MessageSource message, Report report, Helper helper)
      throws IOException, InterruptedException, Refusal {
    conversation.lock();
    try {
      return converse(arguments, order, message, report, helper);
    } finally {
      conversation.unlock();
      if (closed) {
        closeStreams();
      }
    }
  }

  private Exit converse(
      Arguments arguments, WorkerOrder order, MessageSource message, Report report, Helper helper)
      throws IOException, InterruptedException, Refusal {
    if (!greeted) {
      greet();
      greeted = true;
    }
    request(arguments, order, message.size()).send(out);
    copy(message);
    while (true) {
      Frame frame = Frame.receive(in);
      if (frame.kind() == Frame.Kind.EXIT) {
        var exit = new Exit((int) frame.number(), frame.duration());
        byte[] text = frame.text().getBytes(StandardCharsets.ISO_8859_1);
        report.write(text, 0, text.length);
        return exit;
      }
      if (frame.kind() != Frame.Kind.CALL && frame.kind() != Frame.Kind.HAS) {
        throw new IOException(frame.kind() + " was not asked for");
      }
      Frame.of(Frame.Kind.RESULT).put(helper.help(frame)).send(out);
    }
  }

  private static Frame request(Arguments arguments, WorkerOrder order, long size)
      throws IOException {
    var user = arguments.user();
    return Frame.of(Frame.Kind.DELIVER)
        .put(arguments.home())
        .put(user.name())
        .put(user.uid())
        .put(user.gid())
        .put(user.dash())
        .put(user.extension())
        .put(arguments.local())
        .put(arguments.domain())
        .put(arguments.sender())
        .put(order.defaults())
        .put(order.environment())
        .put(size);
  }

  private void copy(MessageSource message) throws IOException, Refusal {
    byte[] block = new byte[BUFFER];
    long left = message.size();
    try (InputStream octets = message.open()) {
      while (left > 0) {
        int n = octets.read(block, 0, (int) Math.min(BUFFER, left));
        if (n < 0) {
          throw new EOFException("the message is shorter than it says");
        }
        left -= n;
        send(block, n);
      }
    } catch (SendException e) {
      throw e;
    } catch (IOException e) {
      throw Refusal.read(e);
    }
    out.flush();
  }

  private void send(byte[] block, int length) throws SendException {
    try {
      out.write(block, 0, length);
    } catch (IOException e) {
      throw new SendException(e);
    }
  }

  /** Tells a worker that has gone from a message that cannot be read. */
  private static final class SendException extends IOException {
    private static final long serialVersionUID = 1L;

    SendException(IOException cause) {
      super(cause);
    }
  }

  private void passOnLog() {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.ISO_8859_1))) {
      char[] room = new char[LOG_LENGTH];
      int passed = 0;
      for (int n = lines.read(room); n >= 0; n = lines.read(room)) {
        if (passed++ < LOG_LINES) {
          LOG.warn("worker of uid {}: {}", user.uid(), printable(new String(room, 0, n)));
        }
      }
    } catch (IOException e) {
      LOG.debug("worker of uid {}: {}", user.uid(), e.toString());
    }
  }

  private static String printable(String text) {
    return text.strip().replaceAll("[^ -~]+", " ");
  }

  boolean alive() {
    return !killed && process.isAlive();
  }

  WorkerUser user() {
    return user;
  }

  /**
   * Lets it end by itself. Never waits: a program that has got hold of the worker's end of a pipe
   * may keep whoever writes into it, and closing would wait for that writer.
   */
  @Override
  public void close() {
    closed = true;
    closeStreams();
  }

  /** Else the one who is in the conversation does it, when he comes out. */
  private void closeStreams() {
    if (!conversation.tryLock()) {
      return;
    }
    try (out;
        in) {
      LOG.debug("worker of uid {} is needed no more", user.uid());
    } catch (IOException e) {
      LOG.debug("worker of uid {}: {}", user.uid(), e.toString());
    } finally {
      conversation.unlock();
    }
  }

  /** Ends it at once, with the programs that it runs. */
  void kill() {
    killed = true;
    // Programs lead sessions of their own, in which their orphans stay.
    List<Long> sessions = process.children().map(ProcessHandle::pid).toList();
    List<ProcessHandle> below = process.descendants().toList();
    // By its handle, for the process itself would close the pipes first: see close.
    process.toHandle().destroyForcibly();
    below.forEach(ProcessHandle::destroyForcibly);
    ProcessGroups.kill(sessions);
  }
}
