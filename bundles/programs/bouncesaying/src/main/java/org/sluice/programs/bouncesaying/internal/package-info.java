/** The program bouncesaying (spec 40 section 12.2). */
package org.sluice.programs.bouncesaying.internal;
