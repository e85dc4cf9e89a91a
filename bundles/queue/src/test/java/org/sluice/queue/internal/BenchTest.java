package org.sluice.queue.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test on a queue whose host is here.example, with both channels there. */
abstract class BenchTest {
  static final Duration LIMIT = Duration.ofSeconds(30);
  @TempDir Path home;
  Bench bench;

  /** Writes further control files, before the queue is there. */
  void prepare() throws IOException {
    // most tests need none
  }

  /** Gives the queue its channels. */
  void connect() {
    bench.connect();
  }

  void control(String name, String text) throws IOException {
    Files.writeString(home.resolve("control").resolve(name), text);
  }

  @BeforeEach
  void start() throws Exception {
    Files.createDirectories(home.resolve("control"));
    control("me", "here.example\n");
    prepare();
    bench = new Bench(home);
    connect();
    bench.settle();
  }

  @AfterEach
  void stop() throws IOException {
    bench.failing.clear();
    bench.close();
  }
}
