package org.sluice.smtp.limits.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.api.smtp.LineEnds;
import org.sluice.api.smtp.LineEnds.BareCr;
import org.sluice.api.smtp.LineEnds.BareLf;
import org.sluice.listeners.smtp.internal.SmtpTalk;

/** Whose bare LF and CR are taken (spec 20 section 15.11). */
class LineEndPolicyTest {
  private final LimitsTest.Config config = new LimitsTest.Config();
  private final List<String> complaints = new ArrayList<>();

  private LineEnds of(Map<String, String> environment) {
    return new LineEndPolicy(config, complaints::add).of(environment);
  }

  private LineEnds from(String address) {
    return of(Map.of("TCPREMOTEIP", address));
  }

  @Test
  void unlessToldItIsQmails() {
    assertEquals(LineEnds.CLASSIC, of(Map.of()));
    assertEquals(List.of(), complaints);
  }

  @ParameterizedTest
  @CsvSource({
    "reject-451,REJECT_451,pass,PASS",
    "reject-521,REJECT_521,reject,REJECT",
    "reject-550-at-end,REJECT_550_AT_END,convert,CONVERT",
    "normalize,NORMALIZE,' pass ',PASS"
  })
  void words(String lf, BareLf lineFeed, String cr, BareCr carriageReturn) {
    config.bareLf = lf;
    config.bareCr = cr;
    assertEquals(new LineEnds(lineFeed, carriageReturn), of(Map.of()));
    config.bareLf = "reject-451";
    config.bareCr = "pass";
    assertEquals(new LineEnds(lineFeed, carriageReturn), of(Map.of("BARELF", lf, "BARECR", cr)));
    assertEquals(List.of(), complaints);
  }

  @Test
  void networksThatAreExempt() {
    config.bareLf = "reject-521";
    config.bareCr = "reject";
    config.bareLfExempt = "192.0.2.0/24 2001:db8::1";
    assertEquals(new LineEnds(BareLf.NORMALIZE, BareCr.REJECT), from("192.0.2.7"));
    assertEquals(BareLf.NORMALIZE, from("2001:db8::1").lineFeed());
    assertEquals(BareLf.REJECT_521, from("192.0.3.7").lineFeed());
    assertEquals(BareLf.REJECT_521, of(Map.of()).lineFeed());
    // A rule says more than a network.
    assertEquals(
        BareLf.REJECT_451,
        of(Map.of("TCPREMOTEIP", "192.0.2.7", "BARELF", "reject-451")).lineFeed());
  }

  @Test
  void whatCannotBeUnderstoodIsNamedAndIgnored() {
    config.bareLf = "normalise";
    config.bareCr = "";
    config.bareLfExempt = "10.0.0.0/8, 10.0.0.0/33";
    assertEquals(LineEnds.CLASSIC, from("10.0.0.1"));
    assertEquals(
        List.of(
            "org.sluice.smtp.limits: bareLf: \"normalise\" is none of reject-451, reject-521,"
                + " reject-550-at-end, normalize; reject-451 stays",
            "org.sluice.smtp.limits: bareCr: \"\" is none of pass, reject, convert; pass stays",
            "org.sluice.smtp.limits: bareLfExempt: no network: 10.0.0.0/33; nobody is exempt"),
        complaints);
    complaints.clear();
    config.bareLf = "reject-521";
    config.bareCr = "pass";
    config.bareLfExempt = "";
    assertEquals(BareLf.REJECT_521, of(Map.of("BARELF", "yes")).lineFeed());
    assertEquals(
        List.of(
            "the variable BARELF: \"yes\" is none of reject-451, reject-521, reject-550-at-end,"
                + " normalize; reject-521 stays"),
        complaints);
  }

  @Test
  void theListenerGoesByIt() throws Exception {
    config.bareLfExempt = "192.0.2.0/24";
    var talk = new SmtpTalk(new Limits(config));
    String mail = "MAIL FROM:<a>\r\nRCPT TO:<b>\r\nDATA\r\na\nb\r\n.\r\n";
    assertTrue(talk.say(mail).endsWith("\r\n451 See https://cr.yp.to/docs/smtplf.html.\r\n"));
    assertEquals(0, talk.queue.queued.size());
    talk.with("TCPREMOTEIP", "192.0.2.1").say(mail);
    assertTrue(talk.queue.queued.get(0).message().endsWith("\na\nb\n"));
  }
}
