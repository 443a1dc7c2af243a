package dev.rein.internal.result;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The memory for results that are kept: 16 Mi characters for each run, and an eighth of the heap for all runs of the process. What was
 * kept first is dropped first, but the last result of a run only in favour of other runs. Thread-safe.
 */
final class ResultSpace {
    static final int MAX_OF_RUN = 16 << 20;

    // A character takes one or two bytes.
    static final ResultSpace OF_PROCESS =
            new ResultSpace(Math.max(MAX_OF_RUN, Runtime.getRuntime().maxMemory() / 16));

    private final long limit;
    private final Set<KeptText> kept = new LinkedHashSet<>();
    private long size;

    /** @param limit for all runs, in characters */
    ResultSpace(long limit) {
        this.limit = limit;
    }

    /** The results of one run. */
    static final class Share {
        private long size;
    }

    synchronized void add(KeptText text) {
        kept.add(text);
        size += text.length();
        text.share().size += text.length();
        for (var all = kept.iterator(); size > limit || text.share().size > MAX_OF_RUN; ) {
            if (!dropNext(all, text)) {
                return;
            }
        }
    }

    private boolean dropNext(Iterator<KeptText> all, KeptText added) {
        if (!all.hasNext()) {
            return false;
        }
        var each = all.next();
        if (each != added && (size > limit || each.share() == added.share())) {
            all.remove();
            forget(each);
        }
        return true;
    }

    synchronized void remove(KeptText text) {
        if (kept.remove(text)) {
            forget(text);
        }
    }

    private void forget(KeptText text) {
        size -= text.length();
        text.share().size -= text.length();
        text.drop();
    }

    /** The characters that are kept, of all runs. */
    synchronized long size() {
        return size;
    }
}
