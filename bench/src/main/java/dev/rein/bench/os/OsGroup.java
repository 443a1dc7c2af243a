package dev.rein.bench.os;

import dev.rein.bench.harness.MeasuredGroup;
import dev.rein.bench.harness.Measurement;
import java.util.ArrayList;
import java.util.List;

/** The group {@code os}: AgentOS over HTTP. */
public final class OsGroup extends MeasuredGroup {
    public static final String NAME = "os";

    public OsGroup(Sizes sizes) {
        this(sizes, new Stage());
    }

    private OsGroup(Sizes sizes, Stage stage) {
        super(NAME, measurements(sizes, stage), stage::close);
    }

    private static List<Measurement> measurements(Sizes sizes, Stage stage) {
        var all = new ArrayList<Measurement>();
        all.add(new WaitingMemory(sizes.waiting(), sizes.waitingRounds(), stage));
        all.add(new CancelOverHttp(sizes.cancels(), stage));
        all.add(new FirstContent(sizes.runs(), stage));
        all.add(new Pace(sizes.streams(), sizes.tokens(), sizes.warmUps(), true, stage));
        all.add(new Pace(sizes.crowd(), sizes.tokens(), 0, false, stage));
        all.add(new StopMany(sizes.streams(), sizes.stopped(), sizes.stopRounds(), stage));
        if (sizes.starts() > 0) {
            all.add(new StartServe(sizes.starts()));
        }
        return all;
    }
}
