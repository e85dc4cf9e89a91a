package org.sluice.users.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Accounts of the system's other sources (LDAP, SSSD, ...), by getent(1). An answer, also that
 * there is no such account, is good for a minute, so that no process is started for each message.
 */
final class Getent implements Passwd {
  private static final long VALID_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int KEPT = 10_000;
  private static final int NOT_FOUND = 2;

  /** Only digits would be looked up as an uid. */
  private static final Pattern NAME = Pattern.compile("(?!\\d+$)[a-z0-9_.+-]{1,31}");

  private record Answer(long until, Optional<Account> account) {}

  private final List<String> command;
  private final Duration limit;
  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Answer> answers =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Answer> eldest) {
          return size() > KEPT;
        }
      };

  /**
   * By a program.
   *
   * @param command without the name that is looked up
   */
  Getent(List<String> command, Duration limit, LongSupplier nanos) {
    this.command = List.copyOf(command);
    this.limit = limit;
    this.nanos = nanos;
  }

  @Override
  public Optional<Account> find(String name) throws IOException, InterruptedException {
    if (!NAME.matcher(name).matches() || name.startsWith("-")) {
      return Optional.empty();
    }
    lock.lock();
    try {
      Answer known = answers.get(name);
      if (known != null && known.until() - nanos.getAsLong() > 0) {
        return known.account();
      }
    } finally {
      lock.unlock();
    }
    Optional<Account> account = ask(name);
    lock.lock();
    try {
      answers.remove(name);
      answers.put(name, new Answer(nanos.getAsLong() + VALID_NANOS, account));
    } finally {
      lock.unlock();
    }
    return account;
  }

  private Optional<Account> ask(String name) throws IOException, InterruptedException {
    List<String> words = new java.util.ArrayList<>(command);
    words.add(name);
    Process process =
        new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      process.getOutputStream().close();
      // One short line: it fits into the pipe, so that it can be read after the end.
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(words + " gives no answer");
      }
      if (process.exitValue() == NOT_FOUND) {
        return Optional.empty();
      }
      if (process.exitValue() != 0) {
        throw new IOException(words + " exits " + process.exitValue());
      }
      String line =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1).strip();
      return Account.parse(line).filter(account -> account.name().equals(name));
    } finally {
      process.destroyForcibly();
    }
  }
}
