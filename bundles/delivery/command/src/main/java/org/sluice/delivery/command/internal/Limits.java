package org.sluice.delivery.command.internal;

import java.time.Duration;
import java.util.Map;

/**
 * What a program may use; 0 means as much as the server may.
 *
 * @param time wall-clock time until it is killed
 * @param cpuSeconds processor time of each process
 * @param memoryMegabytes address space of each process
 * @param fileMegabytes the size of files it writes
 * @param openFiles descriptors of each process
 * @param processes processes and threads of the user in all, the server's own if it is the same
 *     user; the system does not hold root to it
 */
record Limits(
    Duration time,
    long cpuSeconds,
    long memoryMegabytes,
    long fileMegabytes,
    long openFiles,
    long processes) {
  private static final long KILOBYTES = 1024;

  /** POSIX's unit for file sizes. */
  private static final long BLOCKS = 2048;

  /** Only time. */
  static Limits of(Duration time) {
    return new Limits(time, 0, 0, 0, 0, 0);
  }

  /** By the names of the configuration. */
  static Limits of(Map<String, String> properties) {
    return new Limits(
        Duration.ofSeconds(number(properties, "timeoutSeconds")),
        number(properties, "cpuSeconds"),
        number(properties, "memoryMegabytes"),
        number(properties, "fileMegabytes"),
        number(properties, "openFiles"),
        number(properties, "processes"));
  }

  private static long number(Map<String, String> properties, String name) {
    return Long.parseLong(properties.get(name));
  }

  /** Shell commands that set them, hard and soft; a limit that cannot be set defers the mail. */
  String script() {
    return line("t", cpuSeconds)
        + line("v", memoryMegabytes * KILOBYTES)
        + line("f", fileMegabytes * BLOCKS)
        + line("n", openFiles)
        + processLine();
  }

  /** Shells have no common option for this one: dash calls it p, which is another one in bash. */
  private String processLine() {
    return processes == 0
        ? ""
        : "ulimit -u N 2>/dev/null || ulimit -p N || exit 111\n".replace("N", "" + processes);
  }

  private static String line(String option, long value) {
    return value == 0 ? "" : "ulimit -" + option + " " + value + " || exit 111\n";
  }
}
