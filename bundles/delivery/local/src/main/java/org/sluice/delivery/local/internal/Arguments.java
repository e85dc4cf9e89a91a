package org.sluice.delivery.local.internal;

import org.sluice.api.delivery.LocalUser;

/**
 * qmail-local's arguments (spec 40 section 6.1); strings of bytes.
 *
 * @param user account, dash and extension
 * @param home the home directory as it was given
 * @param local the recipient up to its last at sign
 * @param domain what follows it
 * @param sender the envelope sender
 * @param dry option -n: only tell what would be done
 */
record Arguments(
    LocalUser user, String home, String local, String domain, String sender, boolean dry) {}
