package org.sluice.stores.log.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.ReturnContent;
import org.sluice.api.store.QueueRecord;

/** The octets of what was asked. */
class OptionsTest {
  /** Of {@link Mail#asked}, as written before BODY=8BITMIME was kept. */
  private static final byte[] BEFORE =
      HexFormat.of()
          .parseHex(
              "02010005"
                  + "5151333134" // QQ314
                  + "00000000"
                  + "0e0000"
                  + "00000001"
                  + "01000e"
                  + "7266633832323b622b32427840"
                  + "63");

  private static Options decode(byte[] octets) {
    return Options.decode(ByteBuffer.wrap(octets), octets.length);
  }

  @Test
  void olderRecordsAreReadAndTheSameIsWritten() {
    QueueRecord record = Mail.asked();
    Options read = decode(BEFORE);
    assertEquals(record.options(), read.message());
    assertEquals(
        Map.of(0, record.recipients().get(0).options(), 1, record.recipients().get(1).options()),
        read.recipients());
    assertArrayEquals(BEFORE, Options.encode(record));
    assertEquals(MessageOptions.NONE.withSmtpUtf8(true), decode(new byte[] {0, 1, 0, 0}).message());
    assertEquals(MessageOptions.NONE, decode(new byte[0]).message());
  }

  @Test
  void everyCombinationComesBack() {
    for (Optional<ReturnContent> ret :
        List.of(Optional.<ReturnContent>empty(), Optional.of(ReturnContent.FULL))) {
      for (boolean utf8 : new boolean[] {false, true}) {
        for (boolean eightBit : new boolean[] {false, true}) {
          var options =
              MessageOptions.NONE
                  .withEightBit(eightBit)
                  .withSmtpUtf8(utf8)
                  .withDsn(ret, ret.map(ReturnContent::name));
          assertEquals(eightBit, options.eightBit());
          assertEquals(new Options(options, Map.of()), decode(Options.encode(Mail.asked(options))));
        }
      }
    }
  }
}
