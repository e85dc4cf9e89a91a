package org.sluice.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Keys with self-signed certificates, made by the JDK's keytool. */
public final class TestKeys {
  /** The password of every store. */
  public static final String PASSWORD = "changeit";

  private TestKeys() {}

  /**
   * Makes a PKCS#12 key store.
   *
   * @param algorithm {@code EC} or {@code RSA}
   * @param hosts the names of the certificate
   */
  public static Path pkcs12(Path file, String algorithm, String... hosts)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                hosts[0],
                "-keyalg",
                algorithm,
                "-dname",
                "CN=" + hosts[0],
                "-ext",
                "san=dns:" + String.join(",dns:", hosts),
                "-validity",
                "3650",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD));
    run(command);
    return file;
  }

  /** Runs a program that must succeed. */
  public static void run(List<String> command) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(command.get(0) + " hangs");
    }
    if (process.exitValue() != 0) {
      throw new IOException(command + " ended with " + process.exitValue());
    }
  }
}
