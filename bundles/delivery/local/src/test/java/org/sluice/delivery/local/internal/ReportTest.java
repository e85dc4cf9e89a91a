package org.sluice.delivery.local.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.api.delivery.DeliveryResult;

/** The tables of spec 10 sections 12.4 and 12.6. */
class ReportTest {
  private static final String NOTICE = "\nError report too long, sorry.\n";

  private static String report(String... writes) {
    var report = new Report();
    for (String text : writes) {
      byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
      report.write(octets, 0, octets.length);
    }
    return report.text();
  }

  @ParameterizedTest
  @CsvSource({
    "2999,2999,''", "3000,3000,''", "3001,2966,''", "3072,2966,''", "3073,2966,D", "3074,2966,ND",
    "3075,2966,END", "3076,2966,''", "3131,2966,''", "3200,2966,''", "3201,2966,D", "3203,2966,END",
    "3204,2966,''"
  })
  void ofOneWrite(int length, int kept, String rest) {
    String text = "x".repeat(length - 3) + "END";
    String expected = length == kept ? text : text.substring(0, kept) + NOTICE + rest;
    assertEquals(expected, report(text));
  }

  @org.junit.jupiter.api.Test
  void endsAtTheFirstNulAndIsCutAgain() {
    assertEquals("abc", report("ab", "c\0def"));
    assertEquals(
        "x".repeat(2966) + NOTICE + "y",
        report("x".repeat(3001), "z".repeat(4), "y".repeat(1)).replace("zzz", "").replace("z", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "0,Kout",
    "111,Zout",
    "71,Zout",
    "74,Zout",
    "75,Zout",
    "100,Dout",
    "1,Dout",
    "77,Dout",
    "99,Dout",
    "101,Dout",
    "127,Dout",
    "112,Z'Internal qmail-lspawn bug.'",
    "113,Z'Not allowed to perform deliveries as root.'",
    "115,Z'NFS failure in qmail-local.'",
    "116,Z'Unable to find alias user!'",
    "117,Z'Trouble reading users/cdb in qmail-lspawn.'",
    "118,Z'Temporary failure in qmail-lspawn.'",
    "119,Z'Out of memory in qmail-lspawn.'",
    "120,Z'Unable to run qmail-local.'",
    "121,Z'Unable to run qmail-getpw.'",
    "126,D'Unable to run qmail-local.'"
  })
  void ofStatuses(int status, String expected) {
    DeliveryResult result = SpawnReport.of(new Exit(status), "out");
    String text;
    if (result instanceof DeliveryResult.Delivered done) {
      text = "K" + done.detail();
    } else if (result instanceof DeliveryResult.PermFail failure) {
      text = "D" + failure.why();
    } else {
      text = "Z" + ((DeliveryResult.TempFail) result).why();
    }
    assertEquals(expected.replace("'", ""), text.strip());
  }
}
