package org.sluice.stores.log.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sluice.api.mail.DeliverBy;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.Notify;
import org.sluice.api.mail.RecipientOptions;
import org.sluice.api.mail.ReturnContent;
import org.sluice.api.store.Channel;
import org.sluice.api.store.QueueRecord;
import org.sluice.api.store.QueuedRecipient;
import org.sluice.testkit.Mail;

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
    boolean[] either = {false, true};
    for (Optional<ReturnContent> ret :
        List.of(Optional.<ReturnContent>empty(), Optional.of(ReturnContent.FULL))) {
      for (boolean utf8 : either) {
        for (boolean eightBit : either) {
          for (boolean requireTls : either) {
            for (Optional<DeliverBy> by : deadlines()) {
              comesBack(
                  MessageOptions.NONE
                      .withEightBit(eightBit)
                      .withSmtpUtf8(utf8)
                      .withRequireTls(requireTls)
                      .withDeliverBy(by)
                      .withDsn(ret, ret.map(ReturnContent::name)));
            }
          }
        }
      }
    }
  }

  private static List<Optional<DeliverBy>> deadlines() {
    var past = Instant.ofEpochSecond(-1);
    var late = Instant.ofEpochSecond(1L << 40);
    return List.of(
        Optional.empty(),
        Optional.of(new DeliverBy(late, DeliverBy.Mode.RETURN, false)),
        Optional.of(new DeliverBy(past, DeliverBy.Mode.RETURN, true)),
        Optional.of(new DeliverBy(past, DeliverBy.Mode.NOTIFY, false)),
        Optional.of(new DeliverBy(late, DeliverBy.Mode.NOTIFY, true)));
  }

  private static void comesBack(MessageOptions options) {
    assertEquals(new Options(options, Map.of()), decode(Options.encode(Mail.asked(options))));
    var notify = new RecipientOptions(Set.of(Notify.DELAY), Optional.of("rfc822;a@b"));
    var recipient = new QueuedRecipient(Channel.LOCAL, "a", notify);
    var record = Mail.asked(options, recipient);
    assertEquals(new Options(options, Map.of(0, notify)), decode(Options.encode(record)));
  }
}
