package org.sluice.stores.log.internal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.testkit.Mail;

/** What a queued message costs in the heap. */
class IndexSizeTest {
  private static final int COUNT = 200_000;

  @Test
  void oneRecipientCostsUnder250Octets() {
    var segment = new Segment("s", null, 1);
    var record = Mail.to("a");
    long before = used();
    var index = new Index();
    for (int i = 1; i <= COUNT; i++) {
      var entry = new Entry(new Envelope(i, 10, 0, record), 50, segment, 100);
      index.add(entry, record.recipients(), false, i);
    }
    long each = (used() - before) / COUNT;
    System.out.println("octets a message in the index: " + each);
    assertTrue(each < 250, "octets a message: " + each);
    assertTrue(index.entries.size() == COUNT);
  }

  private static long used() {
    System.gc();
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Test
  void aMillionRecipientsFitAHeapOf512Megabytes(@TempDir Path directory) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path output = directory.resolve("output");
    var process =
        new ProcessBuilder(
                java,
                "-Xmx512m",
                "-XX:+UseParallelGC", // the server's
                "-cp",
                System.getProperty("java.class.path"),
                Million.class.getName(),
                directory.resolve("queue").toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(10, TimeUnit.MINUTES);
    if (!ended) {
      process.destroyForcibly();
    }
    String text = Files.readString(output);
    System.out.println(text);
    assertTrue(ended && process.exitValue() == 0, text);
  }
}
