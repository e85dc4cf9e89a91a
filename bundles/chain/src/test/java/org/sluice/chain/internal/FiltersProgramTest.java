package org.sluice.chain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.filter.FilterException;
import org.sluice.api.filter.FilterProperties;
import org.sluice.api.filter.MessageFilter;
import org.sluice.api.filter.SenderFilter;
import org.sluice.api.filter.Verdict;
import org.sluice.testkit.FakeExecution;
import org.sluice.testkit.TestContext;

/** What an operator reads. */
class FiltersProgramTest {
  private static final MessageFilter MESSAGE = (transaction, message, edits) -> Verdict.next();
  private static final SenderFilter SENDER = (transaction, sender) -> Verdict.next();
  private static final String DETAILS = "limit 300 s, running 0 of 100, breaker 10/60s, on failure";

  @TempDir Path spool;
  private Bench bench;
  private final Set<String> protocols = new TreeSet<>(Set.of("smtp", "qmtp"));
  private final Map<Long, String> bundles = new HashMap<>();
  private String jars = "no such program";

  @BeforeEach
  void open() {
    bench = new Bench(spool);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private String run(int exit, String... arguments) throws Exception {
    var program =
        new FiltersProgram(
            bench.chain,
            new FiltersProgram.Registry() {
              @Override
              public Set<String> protocols() {
                return protocols;
              }

              @Override
              public boolean plugins() {
                return !jars.equals("no such program");
              }

              @Override
              public Map<Long, String> filters() {
                return bundles;
              }
            });
    var observers = new Observers(System::nanoTime);
    org.sluice.api.filter.MailObserver observer = event -> {};
    observers.bindObserver(observer, Map.of("component.name", "count"));
    program.bindObservers(observers);
    var context = new TestContext(List.of(arguments));
    context.programs(
        argv -> {
          assertEquals(List.of("plugins", "-q"), argv);
          return new FakeExecution(context, this::jars);
        });
    assertEquals(exit, program.run(context));
    observers.unbindObserver(observer);
    return context.stdout() + context.stderr();
  }

  private int jars(InputStream in, OutputStream out) throws IOException {
    out.write(jars.getBytes(StandardCharsets.UTF_8));
    return 0;
  }

  @Test
  void aJarThatIsNotInUseIsNamed() throws Exception {
    jars = "/p/a.jar is not in use: it is not a complete jar\n/p/b.jar is not active: x\n";
    String told = run(0);
    assertTrue(
        told.endsWith(
            "plugins not in use:\n"
                + "  /p/a.jar is not in use: it is not a complete jar\n"
                + "  /p/b.jar is not active: x\n"),
        told);
    jars = "";
    assertTrue(run(0).endsWith("\nplugins not in use: none\n"));
  }

  private static String report(String sender, String message, String unused, String more) {
    return "connect: none\nhello: none\nsender:"
        + sender
        + "\nrecipient: none\nmessage:"
        + message
        + "\nnot in use:"
        + unused
        + "\n"
        + more
        + "observers:\n  count: 0 waiting, 0 dropped, 0 failed\n";
  }

  private static final String NOTHING = "missing: none\nremarks: none\n";

  @Test
  void nothingAtAll() throws Exception {
    assertEquals(report(" none", " none", " none", NOTHING), run(0));
    protocols.clear();
    assertEquals(report(" none", " none", " none", NOTHING), run(0));
  }

  @Test
  void orderAndDetails() throws Exception {
    bench.add(
        "b",
        MESSAGE,
        FilterProperties.TIMEOUT,
        "1.5",
        FilterProperties.CONCURRENCY,
        3,
        FilterProperties.BREAKER,
        "off",
        FilterProperties.ON_FAILURE,
        "accept");
    bench.add("a", MESSAGE, "service.ranking", 5, FilterProperties.PROTOCOLS, "smtp");
    String first = "\n  a (bundle 7): ranking 5, " + DETAILS + " tempfail";
    String second =
        "\n  b (bundle 7): ranking 0, limit 1.5 s, running 0 of 3, breaker off, on failure accept";
    assertEquals(report(" none", first + ", only smtp" + second, " none", NOTHING), run(0));
    assertEquals(report(" none", first + second, " none", NOTHING), run(0, "smtp"));
    assertEquals(report(" none", second, "\n  a: serves only smtp", NOTHING), run(0, "qmtp"));
  }

  @Test
  void whyOneIsNotInUse() throws Exception {
    protocols.remove("qmtp");
    bench.add("shadow", SENDER, FilterProperties.MODE, "shadow");
    bench.add("qmtp", MESSAGE, FilterProperties.PROTOCOLS, "qmtp");
    SenderFilter broken =
        (transaction, sender) -> {
          throw new FilterException("broken");
        };
    bench.add("broken", broken, FilterProperties.BREAKER, "1/60s");
    bench.add("spf", MESSAGE);
    bench.add("spf", MESSAGE);
    bundles.put(0L, "org.example.stranger 1.0.0");
    bench.send("x");
    Bench.await( // one that has answered may still be ending
        "no call runs",
        () -> bench.chain.present().filters().stream().allMatch(f -> f.running() == 0));
    String details = "limit 30 s, running 0 of 100, breaker ";
    assertEquals(
        report(
            "\n  shadow (bundle 7): ranking 0, "
                + details
                + "10/60s, on failure tempfail"
                + "\n  broken (bundle 7): ranking 0, "
                + details
                + "1/60s, on failure tempfail",
            "\n  spf (bundle 7): ranking 0, " + DETAILS + " tempfail",
            "\n  shadow: in shadow mode, its verdicts are logged and ignored"
                + "\n  qmtp: serves only qmtp, which no listener speaks"
                + "\n  broken: its breaker is open, tried again in 60 s"
                + "\n  spf: stands by at message: another filter of this name comes first"
                + "\n  service 0 of org.example.stranger 1.0.0: cannot be had: its component does"
                + " not start (see the log), or it was built against another"
                + " org.sluice.api.filter",
            NOTHING),
        run(0));
    bench.nanoTime.addAndGet(60_000_000_000L);
    assertEquals(true, run(0).contains("broken: its breaker is open and it is being tried\n"));
  }

  @Test
  void whatIsMissingAndWhatIsWrong() throws Exception {
    bench.chain.configure(Bench.settings(List.of("dkim"), List.of("dkim", "x"), 30));
    bench.add("x", MESSAGE, FilterProperties.TIMEOUT, "soon", FilterProperties.BREAKER, "1");
    assertEquals(
        report(
            " none",
            "\n  x (bundle 7): ranking 0, " + DETAILS + " tempfail",
            " none",
            "missing:\n  dkim: required, so clients are told 451\n"
                + "remarks:\n  x: sluice.timeout = 'soon' cannot be used, the default holds\n"
                + "  x: sluice.breaker = '1' cannot be used, the default holds\n"
                + "  order has dkim, and there is no such filter\n"),
        run(0));
  }

  @Test
  void usage() throws Exception {
    assertEquals("filters: usage: filters [ PROTOCOL ]\n", run(100, "a", "b"));
  }
}
