package org.sluice.chain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.filter.FilterPass;
import org.sluice.api.filter.FilterProperties;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.filter.MessageEdits;
import org.sluice.api.filter.MessageFilter;
import org.sluice.api.filter.RecipientFilter;
import org.sluice.api.filter.SenderFilter;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.Reply;
import org.sluice.api.mail.ReversePath;

/** Who is asked, in which order, and which of several verdicts counts. */
class OrderTest {
  private static final Verdict NEXT = Verdict.next();
  private static final Verdict ACCEPT = new Verdict.Accept();
  private static final Verdict REJECT = new Verdict.Reject(Reply.of(550, "no"));
  private static final Verdict LATER = new Verdict.TempFail(Reply.of(450, "later"));
  private static final Verdict DISCARD = new Verdict.Discard("d");
  private static final Verdict HOLD = new Verdict.Quarantine("h");

  @TempDir Path spool;
  private Bench bench;
  private final List<String> asked = new ArrayList<>();

  @BeforeEach
  void open() {
    bench = new Bench(spool);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private MessageFilter noting(String name) {
    return noting(name, NEXT);
  }

  private MessageFilter noting(String name, Verdict verdict) {
    return (transaction, message, edits) -> {
      asked.add(name);
      return verdict;
    };
  }

  private List<String> order() throws Exception {
    asked.clear();
    bench.send("x");
    return List.copyOf(asked);
  }

  @Test
  void higherRankingFirstThenTheOlderService() throws Exception {
    bench.add("a", noting("a"));
    bench.add("b", noting("b"), "service.ranking", 10);
    bench.add("c", noting("c"), "service.ranking", -10);
    bench.add("d", noting("d"));
    assertEquals(List.of("b", "a", "d", "c"), order());
  }

  @Test
  void theOperatorsOrderComesFirst() throws Exception {
    bench.add("a", noting("a"));
    bench.add("b", noting("b"), "service.ranking", 10);
    bench.add("c", noting("c"));
    bench.chain.configure(Bench.settings(List.of(), List.of("c", "nobody", "a"), 30));
    assertEquals(List.of("c", "a", "b"), order());
    bench.chain.configure(Bench.settings(List.of(), List.of(), 30));
    assertEquals(List.of("b", "a", "c"), order());
  }

  @Test
  void propertiesMayChangeAtAnyTime() throws Exception {
    var a = bench.add("a", noting("a"));
    bench.add("b", noting("b"));
    assertEquals(List.of("a", "b"), order());
    a.set("service.ranking", -1);
    assertEquals(List.of("b", "a"), order());
    a.set(FilterProperties.PROTOCOLS, "qmtp");
    assertEquals(List.of("b"), order());
    a.set(FilterProperties.PROTOCOLS, List.of());
    assertEquals(List.of("b", "a"), order());
    a.remove();
    assertEquals(List.of("b"), order());
  }

  @Test
  void protocols() throws Exception {
    bench.add("all", noting("all"));
    bench.add("smtp", noting("smtp"), FilterProperties.PROTOCOLS, "smtp");
    bench.add("both", noting("both"), FilterProperties.PROTOCOLS, new String[] {"qmtp", "smtp"});
    for (var expected :
        List.of(
            List.of("smtp", "all", "smtp", "both"),
            List.of("qmtp", "all", "both"),
            List.of("qmqp", "all"))) {
      asked.clear();
      try (var pass = bench.chain.begin(Bench.session(expected.get(0)), Bench.FROM)) {
        pass.message(Bench.message("x"));
      }
      assertEquals(expected.subList(1, expected.size()), asked);
    }
  }

  @Test
  void ofOneNameOnlyTheFirstIsAskedAndTheNextStandsBy() throws Exception {
    var old = bench.add("spf", noting("old"));
    bench.add("spf", noting("new"));
    assertEquals(List.of("old"), order());
    old.set("service.ranking", -1);
    assertEquals(List.of("new"), order());
    old.set("service.ranking", 0);
    assertEquals(List.of("old"), order());
    old.remove();
    assertEquals(List.of("new"), order());
  }

  @Test
  void filtersThatGaveNoNameAreAllAsked() throws Exception {
    for (String name : List.of("one", "two")) {
      var filter = noting(name);
      bench.chain.bind(filter, Bench.properties(filter, "component.name", "same"));
    }
    assertEquals(List.of("one", "two"), order());
  }

  /** One service with three interfaces. */
  private final class Three implements SenderFilter, RecipientFilter, MessageFilter {
    @Override
    public Verdict sender(MailTransaction transaction, ReversePath sender) {
      asked.add("sender " + sender.address());
      transaction.attributes().put("three", "seen");
      return NEXT;
    }

    @Override
    public Verdict recipient(MailTransaction transaction, Recipient recipient) {
      asked.add("recipient " + recipient.address() + " after " + transaction.recipients());
      return NEXT;
    }

    @Override
    public Verdict filter(MailTransaction transaction, MessageSource message, MessageEdits edits) {
      asked.add("message " + transaction.attributes().get("three"));
      return NEXT;
    }
  }

  @Test
  void oneServiceWithSeveralInterfacesIsOneFilter() throws Exception {
    var three = bench.add("three", new Three());
    assertEquals(List.of("sender a@b", "recipient c@d after []", "message seen"), order());
    assertEquals(1, bench.chain.present().filters().size());
    three.remove();
    assertEquals(List.of(), order());
  }

  private Verdict verdict(Verdict... verdicts) throws Exception {
    List<Bench.Registered> filters = new ArrayList<>();
    for (int i = 0; i < verdicts.length; i++) {
      filters.add(bench.add("f" + i, noting("f" + i, verdicts[i])));
    }
    asked.clear();
    Verdict verdict = bench.send("x").filtered().verdict();
    filters.forEach(Bench.Registered::remove);
    return verdict;
  }

  private void askedUpTo(int last) {
    assertEquals(
        List.of("f0", "f1", "f2").subList(0, last + 1), asked, "no further filter is asked");
  }

  @Test
  void theFirstThatRefusesOrDiscardsDecides() throws Exception {
    for (Verdict decides : Arrays.asList(REJECT, LATER, DISCARD)) {
      assertSame(decides, verdict(NEXT, decides, REJECT));
      askedUpTo(1);
      assertSame(decides, verdict(HOLD, decides, NEXT));
      askedUpTo(1);
    }
  }

  @Test
  void aQuarantineHoldsIfNobodyRefuses() throws Exception {
    assertSame(HOLD, verdict(HOLD, NEXT, NEXT));
    askedUpTo(2);
    assertSame(HOLD, verdict(HOLD, new Verdict.Quarantine("other"), NEXT));
    assertSame(HOLD, verdict(HOLD, ACCEPT, REJECT));
    askedUpTo(1);
    assertEquals(NEXT, verdict(NEXT, ACCEPT, REJECT));
    askedUpTo(1);
  }

  private void atSenderThenMessage(Verdict atSender, Verdict atMessage, Verdict expected)
      throws Exception {
    SenderFilter filter = (transaction, sender) -> atSender;
    var one = bench.add("s", filter);
    var two = bench.add("m", noting("m", atMessage));
    asked.clear();
    try (FilterPass pass = bench.chain.begin(Bench.session(), Bench.FROM)) {
      assertSame(atSender, pass.sender());
      pass.recipient(Bench.TO);
      assertEquals(expected, pass.message(Bench.message("x")).verdict());
    }
    one.remove();
    two.remove();
  }

  @Test
  void discardAndQuarantineHoldForTheWholeTransaction() throws Exception {
    atSenderThenMessage(DISCARD, REJECT, DISCARD);
    assertEquals(List.of(), asked, "nobody need look at what is dropped");
    atSenderThenMessage(HOLD, NEXT, HOLD);
    atSenderThenMessage(HOLD, ACCEPT, HOLD);
    atSenderThenMessage(HOLD, REJECT, REJECT);
    atSenderThenMessage(HOLD, LATER, LATER);
    atSenderThenMessage(HOLD, DISCARD, DISCARD);
    atSenderThenMessage(HOLD, new Verdict.Quarantine("later"), HOLD);
  }

  @Test
  void onlyRecipientsThatAreNotRefusedCount() throws Exception {
    RecipientFilter filter =
        (transaction, recipient) ->
            switch (recipient.local()) {
              case "no" -> REJECT;
              case "later" -> LATER;
              case "hold" -> HOLD;
              default -> NEXT;
            };
    bench.add("r", filter);
    try (FilterPass pass = bench.chain.begin(Bench.session(), Bench.FROM)) {
      for (String box : List.of("no", "yes", "later", "hold", "yes")) {
        pass.recipient(new Recipient(box + "@d"));
      }
      var yes = new Recipient("yes@d");
      var accepted = List.of(yes, new Recipient("hold@d"), yes);
      assertEquals(accepted, pass.transaction().recipients());
      var filtered = pass.message(Bench.message("x"));
      assertSame(HOLD, filtered.verdict());
      assertEquals(accepted, filtered.envelope().recipients());
    }
  }

  @Test
  void aLaterFilterSeesWhatTheEarlierOneChanged() throws Exception {
    MessageFilter first =
        (transaction, message, edits) -> {
          edits.addHeader("X", "1").addRecipient(new Recipient("new@d"));
          return NEXT;
        };
    MessageFilter second =
        (transaction, message, edits) -> {
          try {
            asked.add(message.header().first("X").orElse("none"));
          } catch (java.io.IOException e) {
            throw new AssertionError(e);
          }
          edits.addHeader("Y", "2").removeRecipient(Bench.TO);
          return ACCEPT;
        };
    bench.add("first", first);
    bench.add("second", second);
    var result = bench.send("\nx");
    assertEquals(List.of(" 1"), asked);
    assertEquals("Y: 2\nX: 1\n\nx", result.text());
    assertEquals(List.of(new Recipient("new@d")), result.filtered().envelope().recipients());
  }

  @Test
  void withoutFiltersNothingIsTouched() throws Exception {
    MessageSource untouchable =
        new MessageSource() {
          @Override
          public long size() {
            throw new AssertionError("looked at");
          }

          @Override
          public java.io.InputStream open() {
            throw new AssertionError("looked at");
          }

          @Override
          public org.sluice.api.mail.Header header() {
            throw new AssertionError("looked at");
          }
        };
    assertEquals(NEXT, bench.chain.connect(Bench.session()));
    assertEquals(NEXT, bench.chain.hello(Bench.session(), "x"));
    try (FilterPass pass = bench.chain.begin(Bench.session(), Bench.FROM)) {
      assertEquals(NEXT, pass.sender());
      assertEquals(NEXT, pass.recipient(Bench.TO));
      var filtered = pass.message(untouchable);
      assertEquals(NEXT, filtered.verdict());
      assertTrue(filtered.replacement().isEmpty());
    }
    var generation = bench.chain.present();
    assertSame(
        generation.plan("smtp").filters(Stage.MESSAGE),
        generation.plan("smtp").filters(Stage.MESSAGE),
        "lists are made once a generation");
  }

  @Test
  void filtersRunOnThreadsThatTellWhoseTheyAre() throws Exception {
    var names = new ArrayList<String>();
    MessageFilter filter =
        (transaction, message, edits) -> {
          names.add(Thread.currentThread().getName());
          return NEXT;
        };
    bench.add("spf", filter);
    assertInstanceOf(Verdict.Continue.class, bench.send("x").filtered().verdict());
    assertTrue(names.get(0).startsWith("filter-spf-"), names.get(0));
  }
}
