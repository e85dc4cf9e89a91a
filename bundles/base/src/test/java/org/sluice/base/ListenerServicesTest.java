package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.control.Control;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.Execution;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.program.ProgramHost;
import org.sluice.api.queue.MailQueue;
import org.sluice.api.queue.Origin;
import org.sluice.api.queue.QueueException;
import org.sluice.base.program.ProgramSource;
import org.sluice.base.program.Run;

/** Where the mail of a connection goes. */
class ListenerServicesTest {
  private static final MailQueue OWN =
      origin -> {
        throw new AssertionError("not used");
      };

  @TempDir Path home;

  private ListenerServices services(Optional<ProgramHost> programs) {
    return new ListenerServices(
        InstantSource.system(),
        Optional.of(new Home(home)),
        Optional.of(OWN),
        Optional.empty(),
        programs);
  }

  @Test
  void ownQueueUnlessQmailqueueIsSet() {
    assertSame(OWN, services(Optional.empty()).queue(Map.of()).orElseThrow());
    // A mail that was to go through a program must not get past it.
    assertEquals(
        Optional.empty(), services(Optional.empty()).queue(Map.of("QMAILQUEUE", "scanner")));
  }

  @Test
  void qmailqueueIsRunInTheHomeDirectoryWithTheEnvironmentOfTheConnection() throws Exception {
    Path scanner = home.resolve("scanner");
    Files.writeString(
        scanner,
        "#!/bin/sh\ncat >message; cat <&1 >envelope; echo $TCPREMOTEIP >ip; exit $STATUS\n");
    Files.setPosixFilePermissions(scanner, PosixFilePermissions.fromString("rwx------"));
    assertEquals(0, submit("0"));
    assertEquals("hi\n", Files.readString(home.resolve("message")));
    assertEquals("Fs@x\0Tu@y\0\0", Files.readString(home.resolve("envelope")));
    assertEquals("192.0.2.9\n", Files.readString(home.resolve("ip")));
    assertEquals(31, submit("31"));
  }

  private int submit(String status) throws IOException {
    var environment =
        Map.of(
            "QMAILQUEUE", "./scanner",
            "TCPREMOTEIP", "192.0.2.9",
            "STATUS", status,
            "PATH", "/usr/bin:/bin");
    MailQueue queue = services(Optional.of(new Host())).queue(environment).orElseThrow();
    try (var draft = queue.open(Origin.NETWORK)) {
      draft.body().write("hi\n".getBytes(StandardCharsets.ISO_8859_1));
      draft.commit(new Envelope(new ReversePath("s@x"), List.of(new Recipient("u@y"))));
      return 0;
    } catch (QueueException e) {
      return e.exitCode();
    }
  }

  /** No program of ours. */
  private static final class Host implements ProgramHost, ProgramSource {
    @Override
    public Set<String> names() {
      return Set.of();
    }

    @Override
    public Execution execution(List<String> argv) {
      return new Run(this, argv, Map.of(), Path.of("/"), Descriptors.NONE, Optional.empty());
    }

    @Override
    public OptionalInt run(String name, ProgramContext context) {
      return OptionalInt.empty();
    }

    @Override
    public MailQueue queue(ProgramContext context) {
      return OWN;
    }
  }

  /** Only a home directory. */
  private record Home(Path home) implements Control {
    @Override
    public Optional<String> line(String name) {
      return Optional.empty();
    }

    @Override
    public String lineOrMe(String name) {
      return name;
    }

    @Override
    public long number(String name, long defaultValue) {
      return defaultValue;
    }

    @Override
    public Optional<List<String>> list(String name) {
      return Optional.empty();
    }

    @Override
    public Optional<Set<String>> set(String name) {
      return Optional.empty();
    }

    @Override
    public Optional<Map<String, String>> map(String name) {
      return Optional.empty();
    }

    @Override
    public Optional<Database> database(String name) {
      return Optional.empty();
    }
  }
}
