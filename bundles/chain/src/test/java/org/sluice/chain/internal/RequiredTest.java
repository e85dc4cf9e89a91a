package org.sluice.chain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.filter.ConnectFilter;
import org.sluice.api.filter.FilterPass;
import org.sluice.api.filter.FilterProperties;
import org.sluice.api.filter.MessageFilter;
import org.sluice.api.filter.Verdict;

/** Without a required filter no mail is taken, and the client is told to come back. */
class RequiredTest {
  private static final MessageFilter MESSAGE = (transaction, message, edits) -> Verdict.next();
  private static final ConnectFilter CONNECT = session -> Verdict.next();
  @TempDir Path spool;

  private Bench bench(String... required) {
    return new Bench(new SpoolDirectory(spool), Bench.settings(List.of(required), List.of(), 30));
  }

  private static void missing(int code, String name, Verdict verdict) {
    var reply = assertInstanceOf(Verdict.TempFail.class, verdict).reply();
    assertEquals(code, reply.code());
    assertEquals("4.3.2", reply.status().orElseThrow().toString());
    assertTrue(reply.lines().get(0).contains("filter " + name + " "), reply.toString());
  }

  private static void refusesTransactions(String name, Bench bench) throws Exception {
    try (FilterPass pass = bench.chain.begin(Bench.session(), Bench.FROM)) {
      missing(451, name, pass.sender());
      missing(451, name, pass.recipient(Bench.TO));
      missing(451, name, pass.message(Bench.message("x")).verdict());
    }
  }

  @Test
  void oneThatNobodyHasSeenMayBelongAnywhere() throws Exception {
    try (var bench = bench("spf")) {
      missing(421, "spf", bench.chain.connect(Bench.session()));
      missing(451, "spf", bench.chain.hello(Bench.session(), "x"));
      refusesTransactions("spf", bench);
      bench.add("spf", MESSAGE);
      assertEquals(Verdict.next(), bench.chain.connect(Bench.session()));
      assertEquals(Verdict.next(), bench.send("x").filtered().verdict());
    }
  }

  @Test
  void oneThatWentIsMissedWhereItWasAsked() throws Exception {
    try (var bench = bench("spf", "dnsbl")) {
      var spf = bench.add("spf", MESSAGE);
      var dnsbl = bench.add("dnsbl", CONNECT);
      spf.remove();
      assertEquals(Verdict.next(), bench.chain.connect(Bench.session()), "connections are kept");
      refusesTransactions("spf", bench);
      bench.add("spf", MESSAGE);
      dnsbl.remove();
      missing(421, "dnsbl", bench.chain.connect(Bench.session()));
      assertEquals(Verdict.next(), bench.chain.hello(Bench.session(), "x"));
      refusesTransactions("dnsbl", bench);
    }
  }

  @Test
  void onlyForTheProtocolsThatItServed() throws Exception {
    try (var bench = bench("spf")) {
      bench.add("spf", MESSAGE, FilterProperties.PROTOCOLS, "smtp").remove();
      refusesTransactions("spf", bench);
      try (FilterPass pass = bench.chain.begin(Bench.session("qmtp"), Bench.FROM)) {
        assertEquals(Verdict.next(), pass.sender());
      }
    }
  }

  @Test
  void theConfigurationHoldsForTransactionsThatBeginAfterIt() throws Exception {
    try (var bench = bench()) {
      try (FilterPass pass = bench.chain.begin(Bench.session(), Bench.FROM)) {
        bench.chain.configure(Bench.settings(List.of("spf"), List.of(), 30));
        assertEquals(Verdict.next(), pass.sender());
        assertEquals(Verdict.next(), pass.message(Bench.message("x")).verdict());
      }
      refusesTransactions("spf", bench);
      bench.chain.configure(Bench.settings(List.of(), List.of(), 30));
      assertEquals(Verdict.next(), bench.send("x").filtered().verdict());
    }
  }

  private record Config(String[] required, String[] order, int drainSeconds)
      implements FiltersConfig {
    @Override
    public Class<? extends Annotation> annotationType() {
      return FiltersConfig.class;
    }
  }

  @Test
  void listsMayBeOneStringOrMany() {
    var settings =
        ChainSettings.of(
            new Config(new String[] {" spf, dkim ,, spf"}, new String[] {"b", "a c", ""}, -1));
    assertEquals(List.of("spf", "dkim"), settings.required());
    assertEquals(List.of("b", "a", "c"), settings.order());
    assertEquals(Duration.ZERO, settings.drain());
    assertEquals(
        Bench.settings(List.of(), List.of(), 5),
        ChainSettings.of(new Config(new String[0], new String[0], 5)));
  }

  @Test
  void aNumberThatIsNoneLeavesTheDefault() {
    FiltersConfig config =
        (FiltersConfig)
            Proxy.newProxyInstance(
                FiltersConfig.class.getClassLoader(),
                new Class<?>[] {FiltersConfig.class},
                (self, method, arguments) -> {
                  if (method.getName().equals("drainSeconds")) {
                    throw new NumberFormatException("soon");
                  }
                  return new String[] {"spf"};
                });
    assertEquals(Bench.settings(List.of("spf"), List.of("spf"), 30), ChainSettings.of(config));
  }
}
