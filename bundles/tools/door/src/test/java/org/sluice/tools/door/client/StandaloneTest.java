package org.sluice.tools.door.client;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;

/** Programs are found in jars, whatever else lies beside them. */
class StandaloneTest {
  @TempDir Path distribution;
  @TempDir Path home;
  private Standalone standalone;

  /** What the jars describe. */
  public static final class Greeting implements Program {
    @Override
    public int run(ProgramContext context) {
      return 0;
    }
  }

  @BeforeEach
  void directories() throws IOException {
    Files.createDirectories(home.resolve("plugins"));
    Files.createDirectories(distribution.resolve("plugins"));
    Files.createDirectories(distribution.resolve("bundle"));
    standalone = new Standalone(distribution, home);
  }

  private static void describe(Path jar, String type) throws IOException {
    String xml =
        "<component><property name=\"sluice.program\" value=\"greet\"/>"
            + "<property name=\"sluice.program.standalone\" value=\"true\"/>"
            + "<implementation class=\""
            + type
            + "\"/></component>";
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("OSGI-INF/greet.xml"));
      out.write(xml.getBytes(StandardCharsets.UTF_8));
      out.closeEntry();
    }
  }

  @Test
  void jarsThatCannotBeReadArePassedOver() throws Exception {
    Path plugins = home.resolve("plugins");
    Files.createFile(plugins.resolve("empty.jar"));
    Files.writeString(plugins.resolve("text.jar"), "not a jar at all\n");
    Files.createDirectory(plugins.resolve("directory.jar"));
    Files.createSymbolicLink(plugins.resolve("dangling.jar"), Path.of("nowhere"));
    Path good = distribution.resolve("plugins").resolve("good.jar");
    describe(good, Greeting.class.getName());
    byte[] whole = Files.readAllBytes(good);
    Files.write(plugins.resolve("half.jar"), Arrays.copyOf(whole, whole.length / 2));
    assertInstanceOf(Greeting.class, standalone.find("greet").orElseThrow());
    assertEquals(
        Set.of("empty.jar", "text.jar", "directory.jar", "dangling.jar", "half.jar"),
        Set.copyOf(
            standalone.unreadable().keySet().stream()
                .map(jar -> jar.getFileName().toString())
                .toList()));
  }

  @Test
  void whatIsNoFileIsNotOpened() throws Exception {
    Path fifo = home.resolve("plugins").resolve("fifo.jar");
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    Files.createDirectory(home.resolve("plugins").resolve("directory.jar"));
    describe(distribution.resolve("plugins").resolve("good.jar"), Greeting.class.getName());
    // With a writer, whoever opens it does not hang but finds it empty.
    try (var writer = FileChannel.open(fifo, READ, WRITE)) {
      assertInstanceOf(Greeting.class, standalone.find("greet").orElseThrow());
      assertTrue(writer.isOpen());
    }
    assertEquals(
        List.of("is not a file", "is not a file"), List.copyOf(standalone.unreadable().values()));
  }

  @Test
  void whoeverFindsNothingIsToldWhatWasNotRead() throws Exception {
    Path broken = home.resolve("plugins").resolve("broken.jar");
    Files.writeString(broken, "x");
    var source = new LocalSource(distribution, home);
    assertTrue(source.run("greet", null).isEmpty());
    assertTrue(
        source.passedOver().startsWith("; cannot read " + broken + ": "), source.passedOver());
  }

  @Test
  void withoutTroubleThereIsNothingToTell() throws Exception {
    assertEquals(Optional.empty(), standalone.find("greet"));
    assertEquals("", new LocalSource(distribution, home).passedOver());
  }

  @Test
  void oneThatCannotBeLoadedIsNamedWithItsJar() throws Exception {
    Path jar = home.resolve("plugins").resolve("good.jar");
    describe(jar, "org.example.NotThere");
    String why = assertThrows(IOException.class, () -> standalone.find("greet")).getMessage();
    assertTrue(why.startsWith(jar + ": org.example.NotThere"), why);
  }
}
