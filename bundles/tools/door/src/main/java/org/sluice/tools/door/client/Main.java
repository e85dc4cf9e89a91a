package org.sluice.tools.door.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.sluice.api.program.ExitCode;
import org.sluice.base.program.RunContext;

/**
 * The entry of {@code bin/<program>}: its first argument is the program's name. Ends with 111 when
 * there is no such program or the server that has it cannot be reached.
 */
public final class Main {
  private Main() {}

  /** Runs the program to its end. */
  public static void main(String[] arguments) throws InterruptedException {
    int status;
    String name = arguments.length == 0 ? "sluice" : arguments[0];
    try {
      status = run(name, arguments.length);
    } catch (IOException | RuntimeException e) {
      System.err.println(name + ": " + (e.getMessage() == null ? e.toString() : e.getMessage()));
      status = ExitCode.TEMPORARY;
    }
    System.out.flush();
    System.exit(status); // threads that copy may be blocked in a read for ever
  }

  private static int run(String name, int count) throws IOException, InterruptedException {
    if (count == 0) {
      throw new IOException("the name of a program is needed");
    }
    Path home = Path.of(System.getProperty("sluice.home")).toAbsolutePath();
    Path distribution = Path.of(System.getProperty("sluice.dist"));
    // Java decodes both by the locale; the octets are what counts.
    List<String> words = split(Path.of("/proc/self/cmdline"));
    Map<String, String> environment =
        CallerEnvironment.of(
            split(Path.of("/proc/self/environ")), System.getProperty("sluice.environ"));
    environment.putIfAbsent("SLUICE_HOME", home.toString());
    var source = new LocalSource(distribution, home);
    var context =
        new RunContext(
            source,
            words.subList(words.size() - count + 1, words.size()),
            environment,
            Path.of("").toAbsolutePath(),
            new ProcessDescriptors(System.getProperty("sluice.closed", "")),
            Optional.empty());
    OptionalInt status = source.run(name, context);
    if (status.isEmpty()) {
      throw new IOException(source.missing());
    }
    return status.getAsInt();
  }

  private static List<String> split(Path file) throws IOException {
    return split(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
  }

  /** What ends with NUL each. */
  static List<String> split(String all) {
    var parts = new ArrayList<String>();
    int start = 0;
    for (int end = all.indexOf('\0'); end >= 0; end = all.indexOf('\0', start)) {
      parts.add(all.substring(start, end));
      start = end + 1;
    }
    return parts;
  }
}
