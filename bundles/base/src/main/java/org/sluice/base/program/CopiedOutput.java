package org.sluice.base.program;

/**
 * An output behind which the original has a process that copies a pipe to its end. A run with one
 * as descriptor 1 ends, with the status that the program had, when nobody can write to it any more:
 * what the program leaves behind in the background may take its time. It is implemented by the
 * stream, so that programs of ours hand it on to those they run. Other outputs wait for the program
 * and, a moment, for what is in the pipe then.
 */
public interface CopiedOutput {}
