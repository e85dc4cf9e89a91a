package org.sluice.smtp.utf8.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.Reply;
import org.sluice.api.smtp.SmtpDialogue;
import org.sluice.api.smtp.SmtpExtension;
import org.sluice.api.smtp.SmtpHooks;
import org.sluice.api.smtp.SmtpParameter;

/** Takes addresses and headers in UTF-8, if the client says that it sends some. */
@Component(property = SmtpExtension.NAME + "=utf8")
public final class SmtpUtf8 implements SmtpExtension {
  private static final String NAME = "SMTPUTF8";

  @Override
  public Optional<SmtpHooks> join(SmtpDialogue dialogue) {
    return Optional.of(
        new SmtpHooks() {
          @Override
          public List<String> keywords() {
            return List.of(NAME);
          }

          @Override
          public Set<String> mailParameters() {
            return Set.of(NAME);
          }

          @Override
          public Optional<Reply> mail(List<SmtpParameter> parameters) {
            MailTransaction transaction = dialogue.transaction().orElseThrow();
            for (SmtpParameter parameter : parameters) {
              if (parameter.keyword().equals(NAME)) {
                if (parameter.value().isPresent()) {
                  return Optional.of(Reply.of(501, "5.5.4", "SMTPUTF8 takes no value"));
                }
                transaction.attributes().put(SmtpDialogue.UTF8, true);
                dialogue.options(dialogue.options().withSmtpUtf8(true));
              }
            }
            return refusal(transaction, transaction.sender().address(), "5.1.7");
          }

          @Override
          public Optional<Reply> recipient(Recipient recipient, List<SmtpParameter> parameters) {
            return refusal(dialogue.transaction().orElseThrow(), recipient.address(), "5.1.3");
          }
        });
  }

  private static Optional<Reply> refusal(
      MailTransaction transaction, String address, String badSyntax) {
    if (address.chars().allMatch(c -> c < 0x80)) {
      return Optional.empty();
    }
    if (!transaction.attributes().containsKey(SmtpDialogue.UTF8)) {
      return Optional.of(Reply.of(553, "5.6.7", "say SMTPUTF8 for such an address"));
    }
    return utf8(address)
        ? Optional.empty()
        : Optional.of(Reply.of(553, badSyntax, "that address is not UTF-8"));
  }

  private static boolean utf8(String bytes) {
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
