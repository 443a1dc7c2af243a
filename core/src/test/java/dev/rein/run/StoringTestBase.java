package dev.rein.run;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.Session;
import dev.rein.session.StateChange;
import dev.rein.session.StoredRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Agents with a store that can be held up or broken. */
abstract class StoringTestBase {
    final InMemorySessionStore memory = new InMemorySessionStore();
    final Gate gate = new Gate();

    AgentBuilder agent(TestModel.Turn... turns) {
        return Agent.builder()
                .name("Stored")
                .model(TestModel.of(turns))
                .store(memory)
                .storeWait(Duration.ofMinutes(1));
    }

    StoredRun row(String runId) {
        return memory.run(runId).orElseThrow();
    }

    /** Delays writes of ends until the gate opens. */
    TestStore parked() {
        return new TestStore(memory) {
            @Override
            public Finished finish(StoredRun run, List<StateChange> changes) {
                gate.passDeaf();
                return super.finish(run, changes);
            }
        };
    }

    /** Rejects all calls while it is down. */
    TestStore breakable(AtomicBoolean down) {
        return new TestStore(memory) {
            @Override
            public boolean insert(StoredRun run) {
                refuse();
                return super.insert(run);
            }

            @Override
            public Finished finish(StoredRun run, List<StateChange> changes) {
                refuse();
                return super.finish(run, changes);
            }

            @Override
            public Optional<Session> session(String sessionId) {
                refuse();
                return super.session(sessionId);
            }

            private void refuse() {
                if (down.get()) {
                    throw new UncheckedIOException(new IOException("disk is gone"));
                }
            }
        };
    }
}
