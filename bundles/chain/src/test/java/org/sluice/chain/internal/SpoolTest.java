package org.sluice.chain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.filter.FilterProperties;
import org.sluice.api.filter.MessageFilter;
import org.sluice.api.filter.Verdict;

/** Where changed messages are, and what happens when there is no room for them. */
class SpoolTest {
  private static final String LONG = "A: b\n\n" + "x".repeat(300_000);
  private static final MessageFilter EDITOR =
      (transaction, message, edits) -> {
        edits.addHeader("X", "1");
        return Verdict.next();
      };
  @TempDir Path home;

  private void refusedForNow(Spool.Place place) throws Exception {
    try (var bench = new Bench(place, Bench.settings(List.of(), List.of(), 30))) {
      bench.add(
          "e", EDITOR, FilterProperties.ON_FAILURE, "reject", FilterProperties.BREAKER, "1/60s");
      for (int i = 0; i < 3; i++) { // the breaker does not count it
        var verdict = (Verdict.TempFail) bench.send(LONG).filtered().verdict();
        assertEquals(452, verdict.reply().code());
      }
      assertEquals("X: 1\nA: b\n\nx", bench.send("A: b\n\nx").text(), "short ones need no room");
    }
  }

  @Test
  void aPlaceWhereNothingCanBeMade() throws Exception {
    Path file = Files.writeString(home.resolve("file"), "");
    refusedForNow(new SpoolDirectory(file.resolve("filters")));
  }

  @Test
  void aFullDisk() throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/full")), "no /dev/full here");
    Path link = home.resolve("link");
    refusedForNow(() -> Files.createSymbolicLink(link, Path.of("/dev/full")));
    assertFalse(Files.exists(link, java.nio.file.LinkOption.NOFOLLOW_LINKS), "left behind");
  }

  @Test
  void aFullDiskIsToldEvenIfTheWriterKeepsQuiet() throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/full")), "no /dev/full here");
    MessageFilter quiet =
        (transaction, message, edits) -> {
          edits.replaceBody(
              out -> {
                try {
                  out.write(new byte[300_000]);
                } catch (java.io.IOException e) {
                  Thread.currentThread().setName("quiet"); // as if nothing had happened
                }
              });
          return Verdict.next();
        };
    Spool.Place place = () -> Files.createSymbolicLink(home.resolve("link"), Path.of("/dev/full"));
    try (var bench = new Bench(place, Bench.settings(List.of(), List.of(), 30))) {
      bench.add("q", quiet);
      var verdict = (Verdict.TempFail) bench.send("A: b\n\nx").filtered().verdict();
      assertEquals(452, verdict.reply().code());
    }
  }

  @Test
  void filesAreInTheHomeForThisUserOnlyAndGoWithTheTransaction() throws Exception {
    Path place = home.resolve("run/filters");
    var bench =
        new Bench(SpoolDirectory.of(home.toString()), Bench.settings(List.of(), List.of(), 1));
    try (bench) {
      bench.add("one", EDITOR);
      bench.add("two", EDITOR);
      try (var pass = bench.chain.begin(Bench.session(), Bench.FROM)) {
        var changed = pass.message(Bench.message(LONG)).replacement().orElseThrow();
        assertEquals("X: 1\nX: 1\n" + LONG, Bench.text(changed));
        try (var files = Files.list(place)) {
          List<Path> all = files.toList();
          assertEquals(1, all.size(), "the first one's file is of no use any more");
          assertEquals(
              "rw-------",
              PosixFilePermissions.toString(Files.getPosixFilePermissions(all.get(0))));
        }
      }
      assertEquals(0, place.toFile().list().length);
    }
  }

  @Test
  void whatAnEarlierProcessLeftIsDeletedAndNothingElse() throws Exception {
    Path place = Files.createDirectories(home.resolve("run/filters"));
    Path mine = SpoolDirectory.of(home.toString()).create();
    Path old = SpoolDirectory.of(home.toString()).create();
    Path other = Files.writeString(place.resolve("other"), "");
    for (Path file : List.of(old, other)) {
      Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
    }
    SpoolDirectory.cleaned(home.toString());
    assertFalse(Files.exists(old));
    assertTrue(Files.exists(mine) && Files.exists(other));
    SpoolDirectory.cleaned(home.resolve("not there").toString());
  }
}
