package org.sluice.chain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.api.filter.FilterProperties;
import org.sluice.api.filter.MessageFilter;
import org.sluice.api.filter.SenderFilter;
import org.sluice.api.filter.Verdict;

class FilterSettingsTest {
  private static final MessageFilter FILTER = (transaction, message, edits) -> Verdict.next();

  private static FilterSettings of(Object... pairs) {
    return FilterSettings.of(FILTER, Bench.properties(FILTER, pairs));
  }

  @Test
  void defaults() {
    var settings = of("component.name", "org.x.Filter");
    assertEquals("org.x.Filter", settings.name());
    assertEquals(Duration.ofSeconds(300), settings.limit(Stage.MESSAGE));
    assertEquals(Duration.ofSeconds(30), settings.limit(Stage.SENDER));
    assertEquals(OnFailure.TEMPFAIL, settings.onFailure());
    assertEquals(100, settings.concurrency());
    assertEquals(Optional.of(Breaker.Limit.DEFAULT), settings.breaker());
    assertEquals(new Scope(Set.of(Stage.MESSAGE), Set.of()), settings.scope());
    assertEquals(List.of(), settings.problems());
    assertEquals(FILTER.getClass().getName(), of().name());
  }

  @Test
  void everyProperty() {
    var settings =
        of(
            FilterProperties.NAME,
            "x",
            FilterProperties.TIMEOUT,
            "2.5",
            FilterProperties.ON_FAILURE,
            "quarantine",
            FilterProperties.CONCURRENCY,
            7,
            FilterProperties.BREAKER,
            "off",
            FilterProperties.MODE,
            "shadow",
            FilterProperties.PROTOCOLS,
            List.of("smtp", "qmtp"),
            "service.ranking",
            -3);
    assertEquals("x", settings.name());
    assertEquals(Duration.ofMillis(2500), settings.limit(Stage.MESSAGE));
    assertEquals(OnFailure.QUARANTINE, settings.onFailure());
    assertEquals(7, settings.concurrency());
    assertEquals(Optional.empty(), settings.breaker());
    assertTrue(settings.shadow());
    assertEquals(Set.of("smtp", "qmtp"), settings.scope().protocols());
    assertEquals(-3, settings.ranking());
    assertEquals(List.of(), settings.problems());
  }

  @Test
  void protocolsInEveryForm() {
    for (Object form : new Object[] {"smtp", new String[] {"smtp"}, List.of("smtp")}) {
      assertEquals(Set.of("smtp"), of(FilterProperties.PROTOCOLS, form).scope().protocols());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "sluice.timeout, soon",
    "sluice.timeout, 0",
    "sluice.timeout, -1",
    "sluice.timeout, 86401",
    "sluice.concurrency, 0",
    "sluice.concurrency, 10001",
    "sluice.concurrency, many",
    "sluice.breaker, 10",
    "sluice.onFailure, bounce",
    "sluice.mode, dark"
  })
  void whatCannotBeUsedIsSaidAndTheDefaultHolds(String key, String value) {
    var settings = of(FilterProperties.NAME, "x", key, value);
    var defaults = of(FilterProperties.NAME, "x");
    assertEquals(1, settings.problems().size());
    String problem = settings.problems().get(0);
    assertTrue(problem.startsWith(key + " = '" + value + "' "), problem);
    assertEquals(defaults.limit(), settings.limit());
    assertEquals(defaults.concurrency(), settings.concurrency());
    assertEquals(defaults.breaker(), settings.breaker());
    assertEquals(defaults.onFailure(), settings.onFailure());
    assertEquals(defaults.shadow(), settings.shadow());
  }

  /** Two interfaces, one of which is not registered. */
  private abstract static class Both implements SenderFilter, MessageFilter {}

  @Test
  void onlyRegisteredInterfacesCount() {
    Both both =
        new Both() {
          @Override
          public Verdict sender(
              org.sluice.api.filter.MailTransaction t, org.sluice.api.mail.ReversePath s) {
            return Verdict.next();
          }

          @Override
          public Verdict filter(
              org.sluice.api.filter.MailTransaction t,
              org.sluice.api.mail.MessageSource m,
              org.sluice.api.filter.MessageEdits e) {
            return Verdict.next();
          }
        };
    Map<String, Object> properties = Bench.properties(both);
    assertEquals(
        Set.of(Stage.SENDER, Stage.MESSAGE), FilterSettings.of(both, properties).scope().stages());
    properties.put("objectClass", new String[] {MessageFilter.class.getName()});
    assertEquals(Set.of(Stage.MESSAGE), FilterSettings.of(both, properties).scope().stages());
  }
}
