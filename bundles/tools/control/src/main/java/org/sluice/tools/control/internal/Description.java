package org.sluice.tools.control.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.sluice.api.control.Control;
import org.sluice.base.Decimal;
import org.sluice.base.PrintableText;

/** One entry after the other, in qmail-showctl's words (spec 40 section 19.2). */
final class Description {
  private static final String DEFAULT = "(Default.) ";
  private static final String TROUBLE = "Oops! Trouble reading this file.\n";

  private final Control control;
  private final Optional<String> me;

  /**
   * Of these files.
   *
   * @param me what control/me says
   */
  Description(Control control, Optional<String> me) {
    this.control = control;
    this.me = me;
  }

  /** What is said behind the name. */
  String of(Entry entry) {
    try {
      return switch (entry.kind()) {
        case LINE -> line(entry, Optional.empty());
        case LINE_OR_ME -> line(entry, me);
        case NUMBER -> number(entry);
        case LIST -> list(entry);
        case MORE_HOSTS -> list(rcptHosts() ? entry : entry.withoutRcptHosts());
        case MORE_HOSTS_CDB -> moreHosts(entry);
      };
    } catch (IOException e) {
      return TROUBLE;
    }
  }

  private String line(Entry entry, Optional<String> instead) throws IOException {
    Optional<String> value = control.line(entry.name());
    return (value.isPresent() ? "" : DEFAULT)
        + entry.before()
        + printable(value.or(() -> instead).orElse(entry.absent()))
        + entry.after()
        + ".\n";
  }

  /** As C's int of 32 bits sees it; a negative one counts as 0. */
  private String number(Entry entry) throws IOException {
    String text = control.line(entry.name()).orElse("");
    boolean number = Decimal.digits(text) > 0;
    String value =
        number ? Integer.toString(Math.max(0, (int) Decimal.leading(text))) : entry.absent();
    return (number ? "" : DEFAULT) + entry.before() + value + entry.after() + ".\n";
  }

  private String list(Entry entry) throws IOException {
    Optional<List<String>> elements = control.list(entry.name());
    if (elements.isEmpty()) {
      return DEFAULT + entry.absent() + "\n";
    }
    var out = new StringBuilder("\n");
    for (String element : elements.get()) {
      out.append(entry.before()).append(printable(element)).append(entry.after()).append('\n');
    }
    return out.toString();
  }

  private boolean rcptHosts() {
    try {
      return control.list("rcpthosts").isPresent();
    } catch (IOException e) {
      return true; // it is there
    }
  }

  private String moreHosts(Entry entry) throws IOException {
    Optional<Long> text = time("morercpthosts");
    Optional<Long> cdb = time("morercpthosts.cdb");
    if (text.isEmpty()) {
      return cdb.isEmpty()
          ? DEFAULT + entry.absent() + "\n"
          : "Oops! morercpthosts.cdb exists but morercpthosts doesn't.\n";
    }
    if (cdb.isEmpty()) {
      return "Oops! morercpthosts exists but morercpthosts.cdb doesn't.\n";
    }
    return text.get() > cdb.get()
        ? "Oops! morercpthosts.cdb is older than morercpthosts.\n"
        : "Modified recently enough; hopefully up to date.\n";
  }

  private Optional<Long> time(String name) throws IOException {
    Path file = control.home().resolve("control").resolve(name);
    try {
      return Optional.of(Files.getLastModifiedTime(file).to(TimeUnit.SECONDS));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static String printable(String value) {
    return PrintableText.of(value, '?');
  }
}
