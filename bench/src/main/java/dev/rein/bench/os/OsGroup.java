package dev.rein.bench.os;

import dev.rein.bench.harness.Group;
import dev.rein.bench.harness.Measurement;
import java.util.ArrayList;
import java.util.List;

/** The group {@code os}: AgentOS over HTTP. */
public final class OsGroup implements Group {
    public static final String NAME = "os";

    private final Sizes sizes;
    private final Stage stage = new Stage();

    public OsGroup(Sizes sizes) {
        this.sizes = sizes;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Measurement> measurements() {
        var all = new ArrayList<Measurement>();
        all.add(new WaitingMemory(sizes.waiting(), sizes.waitingRounds(), stage));
        all.add(new CancelOverHttp(sizes.cancels(), stage));
        all.add(new FirstByte(sizes.runs(), stage));
        all.add(new Pace(sizes.streams(), sizes.tokens(), sizes.warmUps(), true, stage));
        all.add(new Pace(sizes.crowd(), sizes.tokens(), 0, false, stage));
        all.add(new StopMany(sizes.streams(), sizes.stopped(), sizes.stopRounds(), stage));
        if (sizes.starts() > 0) {
            all.add(new StartServe(sizes.starts()));
        }
        return all;
    }

    @Override
    public void close() {
        stage.close();
    }
}
