package example;

import java.io.IOException;
import java.util.Locale;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.filter.FilterException;
import org.sluice.api.filter.FilterProperties;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.filter.MessageEdits;
import org.sluice.api.filter.MessageFilter;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.Reply;

@Component(property = {FilterProperties.NAME + "=no-viagra", FilterProperties.TIMEOUT + "=5"})
public final class NoViagra implements MessageFilter {
  @Override
  public Verdict filter(MailTransaction transaction, MessageSource message, MessageEdits edits)
      throws FilterException {
    try {
      String subject = message.header().first("Subject").orElse("");
      if (subject.toLowerCase(Locale.ROOT).contains("viagra")) {
        return new Verdict.Reject(Reply.of(550, "5.7.1", "not wanted here"));
      }
      edits.addHeader("X-Checked", "yes");
      return Verdict.next();
    } catch (IOException e) {
      throw new FilterException("header unreadable", e);
    }
  }
}
