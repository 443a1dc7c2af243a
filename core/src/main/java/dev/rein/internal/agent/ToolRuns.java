package dev.rein.internal.agent;

import dev.rein.internal.delivery.Progress;
import dev.rein.internal.run.Run;
import dev.rein.runtime.ComponentTool;
import dev.rein.tool.ToolSpec;
import java.util.List;

/**
 * The runs that tools have started which do nothing but that: another process that resumes their caller resumes them too.
 *
 * @param tools the tools of the run
 */
public record ToolRuns(List<ToolSpec> tools, Run run) implements Progress {
    @Override
    public List<String> pausedChildren() {
        return tools.stream()
                .filter(tool -> tool.function() instanceof ComponentTool)
                .flatMap(tool -> run.delivery().pendingRuns(tool.name()).stream())
                .toList();
    }
}
