package org.sluice.testkit;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.function.Executable;

/** What slf4j-simple logs, which writes it to System.err. Tests of one JVM run one at a time. */
public final class Logged {
  private Logged() {}

  /** The lines that are logged while something runs, in whichever thread. */
  public static List<String> during(Executable body) throws Exception {
    PrintStream before = System.err;
    var bytes = new ByteArrayOutputStream();
    try (var out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setErr(out);
      body.execute();
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    } finally {
      System.setErr(before);
    }
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
