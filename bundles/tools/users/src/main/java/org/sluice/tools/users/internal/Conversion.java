package org.sluice.tools.users.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.sluice.base.Ascii;
import org.sluice.base.LineReader;
import org.sluice.base.PathBytes;
import org.sluice.base.ProgramExit;

/** One run of qmail-pw2u (spec 40 section 5). */
final class Conversion {
  private static final String ALIAS = "alias";
  private static final int BLOCK = 8192;

  private final Path home;
  private final Settings settings;
  private final Tables tables;
  private final AssignOutput out;
  private final Map<String, Account> accounts = new HashMap<>();
  private boolean aliasSeen;

  Conversion(Path home, Settings settings, Tables tables, AssignOutput out) {
    this.home = home;
    this.settings = settings;
    this.tables = tables;
    this.out = out;
  }

  void run(InputStream passwd) throws ProgramExit {
    accounts(passwd);
    if (!aliasSeen) {
      throw ProgramExit.temporary("unable to find alias user");
    }
    subusers(home.resolve("users/subusers"));
    append(home.resolve("users/append"));
    out.write(".\n");
    out.flush();
  }

  /** What was converted is seen before more is read. */
  private void accounts(InputStream passwd) throws ProgramExit {
    byte[] block = new byte[BLOCK];
    var line = new StringBuilder();
    for (int n = read(passwd, block); n >= 0; n = read(passwd, block)) {
      for (int i = 0; i < n; i++) {
        if (block[i] == '\n') {
          account(line.toString());
          line.setLength(0);
        } else {
          line.append((char) (block[i] & 255));
        }
      }
    }
    if (line.length() > 0) {
      account(line.toString());
    }
  }

  private int read(InputStream passwd, byte[] block) throws ProgramExit {
    out.flush();
    try {
      return passwd.read(block);
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to read input");
    }
  }

  private void account(String line) throws ProgramExit {
    Optional<Account> parsed = Account.parse(line);
    if (parsed.isEmpty() || !counts(parsed.get())) {
      return;
    }
    Account account = parsed.get();
    accounts.put(Ascii.lower(account.name()), account);
    if (account.name().equals(ALIAS)) {
      out.alias(account);
      aliasSeen = true;
    }
    for (String address : tables.addresses(account.name())) {
      out.address(address, account);
    }
  }

  private boolean counts(Account account) throws ProgramExit {
    boolean upper = !account.name().equals(Ascii.lower(account.name()));
    return account.number() != 0
        && (settings.upper() || !upper)
        && tables.has(account.name())
        && (settings.home() == Settings.Home.ANY || owned(account));
  }

  private boolean owned(Account account) throws ProgramExit {
    try {
      if (account.home().isEmpty()) {
        throw new NoSuchFileException("");
      }
      Path directory = PathBytes.resolve(home, account.home());
      int owner = (Integer) Files.getAttribute(directory, "unix:uid");
      return Integer.toUnsignedLong(owner) == account.number();
    } catch (NoSuchFileException e) {
      if (settings.home() == Settings.Home.OWNED) {
        return false;
      }
      throw cannotStat(account);
    } catch (IOException e) {
      throw cannotStat(account);
    }
  }

  private static ProgramExit cannotStat(Account account) {
    return ProgramExit.temporary("unable to stat " + account.home());
  }

  private void subusers(Path file) throws ProgramExit {
    try (var lines = new LineReader(Files.newInputStream(file))) {
      for (var next = lines.next(); next.isPresent(); next = lines.next()) {
        subuser(next.get().replace("\n", "").split(":", -1));
      }
    } catch (NoSuchFileException e) {
      return; // it is optional
    } catch (IOException e) {
      throw unreadable();
    }
  }

  private void subuser(String[] fields) throws ProgramExit {
    if (fields.length < 3) {
      return;
    }
    Account account = accounts.get(Ascii.lower(fields[1]));
    if (account == null) {
      throw ProgramExit.temporary("unable to find " + fields[1] + " user for subuser");
    }
    if (fields.length > 3) {
      out.subuser(fields[0], account, fields[2]);
    }
  }

  private void append(Path file) throws ProgramExit {
    byte[] block = new byte[BLOCK];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        out.write(new String(block, 0, n, StandardCharsets.ISO_8859_1));
      }
    } catch (NoSuchFileException e) {
      return; // it is optional
    } catch (IOException e) {
      throw unreadable();
    }
  }

  static ProgramExit unreadable() {
    return ProgramExit.temporary("unable to read controls");
  }
}
