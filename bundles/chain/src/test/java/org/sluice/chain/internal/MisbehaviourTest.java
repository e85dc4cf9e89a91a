package org.sluice.chain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sluice.api.filter.FilterProperties;
import org.sluice.api.filter.MessageFilter;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Reply;

/** Whatever a filter does, mail is answered as configured and the next transaction works. */
class MisbehaviourTest {
  private static final String MAIL = "A: b\n\nx\n";

  @TempDir Path spool;
  private Bench bench;

  @BeforeEach
  void open() {
    Misdeed.OVER.set(false);
    bench = new Bench(spool);
  }

  @AfterEach
  void close() {
    Misdeed.OVER.set(true);
    bench.close();
    assertEquals(0, spool.toFile().list().length, "files left");
  }

  private Bench.Registered misbehave(Misdeed misdeed, String... more) {
    List<Object> pairs = new ArrayList<>(List.of(more));
    pairs.addAll(List.of(FilterProperties.TIMEOUT, misdeed.limit("0.1")));
    return bench.add("bad", misdeed, pairs.toArray());
  }

  /** Sends with the bad filter and, after it has gone, without. */
  private Verdict answer(Misdeed misdeed, String... more) throws Exception {
    AtomicInteger calls = new AtomicInteger();
    MessageFilter counting =
        (transaction, message, edits) -> {
          calls.incrementAndGet();
          return Verdict.next();
        };
    bench.add("good", counting, "service.ranking", -1);
    var bad = misbehave(misdeed, more);
    var result = bench.send(MAIL);
    Verdict verdict = result.filtered().verdict();
    boolean lives = !(verdict instanceof Verdict.TempFail || verdict instanceof Verdict.Reject);
    assertEquals(lives ? 1 : 0, calls.get(), "the next filter is asked if the message lives");
    assertEquals(MAIL, result.text(), "what a failed filter changed is not used");
    assertEquals(Bench.FROM, result.filtered().envelope().sender());
    Misdeed.OVER.set(true);
    bad.remove();
    assertEquals(Verdict.next(), bench.send(MAIL).filtered().verdict());
    return verdict;
  }

  @ParameterizedTest
  @EnumSource
  void tempfailsByDefault(Misdeed misdeed) throws Exception {
    var verdict = assertInstanceOf(Verdict.TempFail.class, answer(misdeed));
    assertEquals(451, verdict.reply().code());
  }

  @ParameterizedTest
  @EnumSource
  void acceptsIfSaidSo(Misdeed misdeed) throws Exception {
    assertEquals(Verdict.next(), answer(misdeed, FilterProperties.ON_FAILURE, "accept"));
  }

  @ParameterizedTest
  @EnumSource
  void rejectsIfSaidSo(Misdeed misdeed) throws Exception {
    var verdict = answer(misdeed, FilterProperties.ON_FAILURE, "reject");
    assertEquals(554, assertInstanceOf(Verdict.Reject.class, verdict).reply().code());
  }

  @ParameterizedTest
  @EnumSource
  void holdsIfSaidSo(Misdeed misdeed) throws Exception {
    var verdict = answer(misdeed, FilterProperties.ON_FAILURE, "quarantine");
    assertInstanceOf(Verdict.Quarantine.class, verdict);
  }

  @ParameterizedTest
  @EnumSource
  void doesNothingInShadowMode(Misdeed misdeed) throws Exception {
    String[] shadow = {
      FilterProperties.MODE, "shadow", FilterProperties.ON_FAILURE, "reject",
    };
    assertEquals(Verdict.next(), answer(misdeed, shadow));
  }

  @ParameterizedTest
  @EnumSource
  void anOpenBreakerDoesNotEvenCall(Misdeed misdeed) throws Exception {
    AtomicInteger calls = new AtomicInteger();
    MessageFilter counted =
        (transaction, message, edits) -> {
          calls.incrementAndGet();
          return misdeed.filter(transaction, message, edits);
        };
    bench.add(
        "bad",
        counted,
        FilterProperties.TIMEOUT,
        misdeed.limit("0.5"), // long enough for the call to begin
        FilterProperties.BREAKER,
        "2/60s");
    for (int i = 0; i < 5; i++) {
      assertInstanceOf(Verdict.TempFail.class, bench.send(MAIL).filtered().verdict());
    }
    assertEquals(2, calls.get());
    bench.nanoTime.addAndGet(60_000_000_000L);
    bench.send(MAIL);
    bench.send(MAIL);
    assertEquals(3, calls.get(), "one trial");
  }

  @Test
  void aVerdictInShadowModeIsLoggedOnly() throws Exception {
    for (Verdict verdict :
        List.of(
            new Verdict.Reject(Reply.of(550, "no")),
            new Verdict.Discard("why"),
            new Verdict.Quarantine("why"))) {
      MessageFilter filter =
          (transaction, message, edits) -> {
            edits.addHeader("X", "1").removeRecipient(Bench.TO);
            return verdict;
          };
      var shadow = bench.add("shadow", filter, FilterProperties.MODE, "shadow");
      var result = bench.send(MAIL);
      assertEquals(Verdict.next(), result.filtered().verdict());
      assertEquals(MAIL, result.text());
      assertEquals(List.of(Bench.TO), result.filtered().envelope().recipients());
      shadow.remove();
    }
  }

  @Test
  void outsideATransactionThereIsNothingToHold() throws Exception {
    org.sluice.api.filter.ConnectFilter holds = session -> new Verdict.Quarantine("why");
    bench.add("c", holds, FilterProperties.ON_FAILURE, "quarantine");
    assertInstanceOf(Verdict.TempFail.class, bench.chain.connect(Bench.session()));
    org.sluice.api.filter.HelloFilter drops = (session, name) -> new Verdict.Discard("why");
    bench.add("h", drops, FilterProperties.ON_FAILURE, "accept");
    assertEquals(Verdict.next(), bench.chain.hello(Bench.session(), "x"));
  }
}
