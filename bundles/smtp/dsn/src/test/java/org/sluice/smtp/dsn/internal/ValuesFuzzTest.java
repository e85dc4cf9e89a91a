package org.sluice.smtp.dsn.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Optional;
import java.util.Set;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.RecipientOptions;

/** Values as clients may send them: what is taken can be queued, and said to the next host. */
class ValuesFuzzTest {
  @DictionaryEntries({"rfc822;", "utf-8;", "+2B", "\\x{FC}", "NEVER", "SUCCESS,", "DELAY", "HDRS"})
  @FuzzTest
  void values(byte[] input) {
    String value = new String(input, ISO_8859_1);
    Optional<String> original = Values.originalRecipient(value);
    if (original.isPresent()) {
      assertTrue(original.get().length() <= 500);
      assertEquals(original, Values.originalRecipient(original.get()));
      assertTrue(new RecipientOptions(Set.of(), original).asked());
    }
    Values.notifyOn(value)
        .ifPresent(words -> assertTrue(new RecipientOptions(words, Optional.empty()).asked()));
    if (Values.envelopeId(value)) {
      assertTrue(MessageOptions.NONE.withDsn(Values.ret(value), Optional.of(value)).asked());
      assertFalse(value.contains(" "));
    }
  }
}
