package org.sluice.admin.qread.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.api.mail.QueueId;
import org.sluice.api.store.QueueAction;
import org.sluice.api.store.QueueQuery;
import org.sluice.api.store.QueueState;
import org.sluice.base.Options;
import org.sluice.base.ProgramExit;

/**
 * What the arguments of {@code queue} want.
 *
 * @param action what is to be done; empty if the messages are only to be listed
 * @param query what messages are meant, unless they are named
 * @param messages those that are named
 * @param sure whether it is to be done, and not only shown what would be
 */
record Order(Optional<QueueAction> action, QueueQuery query, List<QueueId> messages, boolean sure) {
  private static final String USAGE =
      "queue list|hold|release|flush|bounce|remove [ -f sender ] [ -t recipient ] [ -d domain ]"
          + " [ -s held|waiting|bouncing ] [ -o age ] [ -y ] [ message ... ]";

  private static final Pattern AGE = Pattern.compile("([0-9]{1,9})([smhd])");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));
  private static final Pattern MESSAGE = Pattern.compile("#?(0*[1-9][0-9]{0,17})");

  static Order parse(List<String> arguments, Instant now) throws ProgramExit {
    if (arguments.isEmpty()) {
      throw ProgramExit.usage(USAGE);
    }
    Optional<QueueAction> action = action(arguments.get(0));
    var options = Options.parse("f:t:d:s:o:y", arguments.subList(1, arguments.size()));
    List<QueueId> messages = new ArrayList<>();
    for (String operand : options.operands()) {
      messages.add(message(operand));
    }
    QueueQuery query = QueueQuery.ALL;
    boolean sure = false;
    for (var option : options.options()) {
      String value = option.value();
      switch (option.letter()) {
        case 'f' -> query = query.from(value);
        case 't' -> query = query.to(value);
        case 'd' -> query = query.toDomain(value);
        case 's' -> query = query.in(state(value));
        case 'o' -> query = query.bornBy(now.minus(age(value)));
        default -> sure = true;
      }
    }
    boolean all = query.equals(QueueQuery.ALL);
    boolean listed = action.isEmpty();
    if (!messages.isEmpty() && (listed || !all) || listed && sure) {
      throw ProgramExit.usage(USAGE);
    }
    if (messages.isEmpty() && all && action.filter(Order::ends).isPresent()) {
      throw ProgramExit.permanent("say which messages; -o 0s means all");
    }
    if (action.filter(QueueAction.RELEASE::equals).isPresent() && query.state().isEmpty()) {
      query = query.in(QueueState.HELD); // or what is not held would be counted
    }
    return new Order(action, query, List.copyOf(messages), sure);
  }

  private static Optional<QueueAction> action(String name) throws ProgramExit {
    if (name.equals("list")) {
      return Optional.empty();
    }
    for (QueueAction action : QueueAction.values()) {
      if (action.name().toLowerCase(Locale.ROOT).equals(name)) {
        return Optional.of(action);
      }
    }
    throw ProgramExit.usage(USAGE);
  }

  /** Whether nobody can take it back. */
  private static boolean ends(QueueAction action) {
    return action == QueueAction.BOUNCE || action == QueueAction.REMOVE;
  }

  private static QueueState state(String name) throws ProgramExit {
    for (QueueState state : QueueState.values()) {
      if (state.name().toLowerCase(Locale.ROOT).equals(name)) {
        return state;
      }
    }
    throw ProgramExit.usage(USAGE);
  }

  private static Duration age(String text) throws ProgramExit {
    Matcher age = AGE.matcher(text);
    if (!age.matches()) {
      throw ProgramExit.permanent("an age is a number and s, m, h or d: " + text);
    }
    return UNITS.get(age.group(2)).multipliedBy(Long.parseLong(age.group(1)));
  }

  private static QueueId message(String text) throws ProgramExit {
    Matcher number = MESSAGE.matcher(text);
    if (!number.matches()) {
      throw ProgramExit.permanent("no number of a message: " + text);
    }
    return new QueueId(Long.parseLong(number.group(1)));
  }
}
