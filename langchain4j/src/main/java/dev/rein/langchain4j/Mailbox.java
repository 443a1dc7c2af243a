package dev.rein.langchain4j;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Hands what other threads report to the thread of a run. Those threads wait while it is full, so that they read no faster than the run
 * delivers. Closing it ends all waits. Thread-safe.
 */
final class Mailbox<T> {
    private static final int CAPACITY = 64;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<T> items = new ArrayDeque<>();
    private boolean closed;

    /** Adds an item; false if the mailbox is closed. Waits while it is full, unless it is the last item. */
    boolean put(T item, boolean last) {
        lock.lock();
        try {
            while (!closed && !last && items.size() >= CAPACITY) {
                changed.awaitUninterruptibly();
            }
            if (!closed) {
                items.add(item);
                changed.signalAll();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** The next item; empty once the mailbox is closed. */
    Optional<T> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed && items.isEmpty()) {
                changed.await();
            }
            var item = closed ? null : items.remove();
            changed.signalAll();
            return Optional.ofNullable(item);
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            items.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
