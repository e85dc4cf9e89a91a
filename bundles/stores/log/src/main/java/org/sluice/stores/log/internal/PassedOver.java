package org.sluice.stores.log.internal;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.sluice.api.store.Channel;

/**
 * Parts that a lease has passed over, since what is unfinished of them is for destinations that
 * were capped: by all the destinations of each, so that it need not be read again to know that.
 * What is unfinished does not change while a part lies here. All under the lock of the {@link
 * Index}.
 */
final class PassedOver {
  private final Map<Channel, Map<Set<String>, Group>> groups = new EnumMap<>(Channel.class);

  /** Those with the same destinations. */
  static final class Group {
    private final Set<String> destinations;
    private final PartHeap parts = new PartHeap();

    private Group(Set<String> destinations) {
      this.destinations = destinations;
    }
  }

  PassedOver() {
    for (Channel channel : Channel.values()) {
      groups.put(channel, new HashMap<>());
    }
  }

  void add(Part part, Set<String> destinations) {
    part.group = groups.get(part.channel).computeIfAbsent(destinations, Group::new);
    part.group.parts.add(part);
  }

  /** Takes out one that is here. */
  void remove(Part part) {
    Group group = part.group;
    part.group = null;
    group.parts.remove(part);
    if (group.parts.isEmpty()) {
      groups.get(part.channel).remove(group.destinations);
    }
  }

  /** Gives the parts, none of them empty, that have a destination which is not capped. */
  void open(Channel channel, Set<String> capped, Consumer<PartHeap> to) {
    for (Group group : groups.get(channel).values()) {
      if (!capped.containsAll(group.destinations)) {
        to.accept(group.parts);
      }
    }
  }
}
