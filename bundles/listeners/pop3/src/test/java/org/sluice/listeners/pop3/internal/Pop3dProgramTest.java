package org.sluice.listeners.pop3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.testkit.TestContext;

/** qmail-pop3d where no run is recorded: spec 20 section 12.1. */
class Pop3dProgramTest {
  @TempDir Path home;

  private String serve(List<String> arguments) throws Exception {
    var context = new TestContext(arguments).in(home).stdin("STAT\r\nQUIT\r\n");
    var program = new Pop3dProgram(InstantSource.system(), Duration.ofMinutes(20), 1000);
    assertEquals(0, program.run(context));
    return context.stdout();
  }

  @Test
  void aMaildirThatCannotBeEntered() throws Exception {
    for (String name : List.of("new", "cur", "Maildir", "Maildir/new", "Maildir/cur")) {
      Files.createDirectory(home.resolve(name));
    }
    Files.createFile(home.resolve("file"));
    assertEquals("+OK \r\n+OK 0 0\r\n+OK \r\n", serve(List.of("Maildir", "more")));
    String none = "-ERR this user has no $HOME/Maildir\r\n";
    assertEquals(none, serve(List.of()));
    assertEquals(none, serve(List.of("absent")));
    assertEquals(none, serve(List.of("file")));
    assertEquals(none, serve(List.of("")), "not the home, though that looks like one");
    assertEquals("-ERR unable to scan $HOME/Maildir\r\n", serve(List.of("new")));
  }

  /** In whichever locale; this one is no text in UTF-8 either. */
  @Test
  void aMaildirWhoseNameIsNoText() throws Exception {
    for (String name : List.of("M%E9", "M%E9/new", "M%E9/cur")) {
      Files.createDirectory(Path.of(URI.create("file://" + home + "/" + name)));
    }
    assertEquals("+OK \r\n+OK 0 0\r\n+OK \r\n", serve(List.of("M\u00e9")));
    assertEquals("-ERR this user has no $HOME/Maildir\r\n", serve(List.of("M\u00e8")), "not there");
  }
}
