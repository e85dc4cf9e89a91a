package org.sluice.tools.door.internal;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.program.ProgramHost;
import org.sluice.base.Threads;
import org.sluice.tools.door.client.ChannelStreams;
import org.sluice.tools.door.client.Wire;

/**
 * Listens on {@code run/door} in the home directory for {@code bin/<program>}. Only the server's
 * own user gets in: a program acts with the server's rights.
 */
@Component(
    service = {},
    immediate = true)
public final class Door {
  private static final Logger LOG = LoggerFactory.getLogger(Door.class);
  private static final long DRAIN_SECONDS = 10;
  private static final long ACCEPT_RETRY_MILLIS = 100;
  private static final int LONGEST_PATH = 100;

  private final ProgramHost programs;
  private final Path socket;
  private final Path birth;
  private final ServerSocketChannel server;
  private final ExecutorService threads = Threads.perTask("program-");
  private final SecureRandom random = new SecureRandom();
  private final Map<Long, Call> calls = new ConcurrentHashMap<>();

  /** Begins to listen. */
  @Activate
  public Door(BundleContext context, @Reference ProgramHost programs) throws IOException {
    this(Path.of(context.getProperty("sluice.home")), programs);
  }

  /** Opens the door of a home directory. */
  public static Door at(Path home, ProgramHost programs) throws IOException {
    return new Door(home, programs);
  }

  private Door(Path home, ProgramHost programs) throws IOException {
    this.programs = programs;
    socket = Files.createDirectories(home.resolve("run")).resolve("door");
    // Bound in a directory of its own and moved, so that nobody connects before it is 0600, and
    // what a killed server left is replaced.
    birth = directory(socket.getParent());
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    Path first = birth.resolve("door");
    try {
      server.bind(UnixDomainSocketAddress.of(first));
      Files.setPosixFilePermissions(first, PosixFilePermissions.fromString("rw-------"));
      if (!birth.startsWith(socket.getParent())) {
        first = Files.createSymbolicLink(socket.resolveSibling(birth.getFileName()), first);
      }
      Files.move(first, socket, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      server.close();
      throw e;
    }
    Threads.platform("door-").newThread(this::accept).start();
  }

  /**
   * The system allows some hundred octets for a socket's path: else it is a link to a short one.
   */
  private static Path directory(Path run) throws IOException {
    Path near = Files.createTempDirectory(run, "door");
    if (near.resolve("door").toString().length() <= LONGEST_PATH) {
      return near;
    }
    Files.delete(near);
    return Files.createTempDirectory("door");
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel channel = server.accept();
        threads.execute(() -> serve(channel));
      } catch (ClosedChannelException e) {
        return; // stopped
      } catch (IOException e) {
        LOG.warn("door: cannot accept: {}", e.getMessage());
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ACCEPT_RETRY_MILLIS));
      }
    }
  }

  private void serve(SocketChannel channel) {
    boolean handedOn = false;
    try {
      var in = new DataInputStream(ChannelStreams.input(channel));
      int kind = in.read();
      if (kind == Wire.STREAM) {
        handedOn = stream(channel, in);
      } else if (kind == Wire.CALL) {
        call(channel, in);
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("door: call given up: {}", e.toString());
    } finally {
      if (!handedOn) {
        close(channel);
      }
    }
  }

  private boolean stream(SocketChannel channel, DataInputStream in) throws IOException {
    Call call = calls.get(in.readLong());
    int descriptor = in.readUnsignedByte();
    boolean open = in.readBoolean();
    return call != null && call.offer(descriptor, channel, open);
  }

  private void call(SocketChannel channel, DataInputStream in) throws IOException {
    long token = random.nextLong();
    try (var call = new Call(channel, in, token)) {
      calls.put(token, call);
      call.run(programs, threads);
    } finally {
      calls.remove(token);
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("door: not closed", e);
    }
  }

  /** No new calls; those under way may end, then they are interrupted. */
  @Deactivate
  public void stop() throws IOException, InterruptedException {
    server.close();
    Files.deleteIfExists(socket);
    Files.deleteIfExists(birth.resolve("door"));
    Files.deleteIfExists(birth);
    threads.shutdown();
    if (!threads.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS)) {
      threads.shutdownNow();
    }
  }
}
