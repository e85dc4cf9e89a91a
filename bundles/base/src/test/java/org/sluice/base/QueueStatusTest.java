package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.api.queue.QueueException;

/** The table of spec 30, spec 40 section 11 and spec 20 section 1.6. */
class QueueStatusTest {
  @ParameterizedTest
  @CsvSource({
    "0,Zqq read error (#4.3.0)",
    "11,Denvelope address too long for qq (#5.1.3)",
    "115,Denvelope address too long for qq (#5.1.3)",
    "31,Dmail server permanently rejected message (#5.3.0)",
    "32,Dqq permanent problem (#5.3.0)",
    "40,Dqq permanent problem (#5.3.0)",
    "41,Zqq temporary problem (#4.3.0)",
    "53,Zqq write error or disk full (#4.3.0)",
    "66,Zqq trouble creating files in queue (#4.3.0)",
    "67,Zqq temporary problem (#4.3.0)",
    "91,Zqq internal bug (#4.3.0)",
    "120,Zunable to exec qq (#4.3.0)",
    "-1,Zqq crashed (#4.3.0)",
    "255,Zqq temporary problem (#4.3.0)"
  })
  void wordsForEachStatus(int status, String words) {
    var meaning = QueueStatus.of(status, "Dnot used (#5.7.1)");
    assertEquals(words, (meaning.permanent() ? "D" : "Z") + meaning.text());
  }

  @Test
  void customTextByItsFirstLetterAndNoLongerThan255() {
    Map.of("Dno way", new QueueStatus(true, "no way"), "Xodd", new QueueStatus(false, "odd"))
        .forEach((custom, want) -> assertEquals(want, QueueStatus.of(82, custom)));
    assertEquals("qq temporary problem (#4.3.0)", QueueStatus.of(82, "Dx").text());
    assertEquals("y".repeat(254), QueueStatus.of(82, "D" + "y".repeat(400)).text());
  }

  @Test
  void ofARefusal() {
    assertEquals("qq timeout (#4.3.0)", QueueStatus.of(new QueueException(52, null)).text());
    assertEquals(
        new QueueStatus(true, "no (#5.7.1)"),
        QueueStatus.of(new QueueException(82, "Dno (#5.7.1)")));
  }
}
