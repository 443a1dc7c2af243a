package dev.rein.bench.tools;

import dev.rein.bench.harness.MeasuredGroup;
import java.util.List;

/** The group {@code tools}: how fast a stop ends what tools do. */
public final class ToolsGroup extends MeasuredGroup {
    public static final String NAME = "tools";

    private static final int TREE = 6;

    public ToolsGroup(Sizes sizes) {
        super(
                NAME,
                List.of(
                        new ToolStop("thread", 10, sizes, Works::thread),
                        new ToolStop("http", 10, sizes, Works::http),
                        new ToolStop("process", 10, sizes, () -> Works.processes(1)),
                        new ToolStop("six_processes", 100, sizes, () -> Works.processes(TREE)),
                        new ToolStop("jdbc", 20, sizes, Works::sql),
                        new ToolStop("mcp_stdio", 20, sizes, McpWork::stdio),
                        new ToolStop("mcp_http", 20, sizes, McpWork::http)),
                () -> {});
    }
}
