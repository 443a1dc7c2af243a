/**
 * The benchmarks of the kernel: how fast a stop is seen by the provider and by the one who reads, one run and ten thousand,
 * and what a run costs. Start at {@link dev.rein.bench.kernel.KernelGroup}. The provider is a process of its own, on real
 * sockets of this machine.
 */
@NullMarked
package dev.rein.bench.kernel;

import org.jspecify.annotations.NullMarked;
