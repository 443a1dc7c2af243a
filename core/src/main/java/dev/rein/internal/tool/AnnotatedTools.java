package dev.rein.internal.tool;

import dev.rein.tool.ToolSpec;
import java.util.List;

public final class AnnotatedTools {
    private AnnotatedTools() {}

    public static List<ToolSpec> of(Object o) {
        return List.of();
    }
}
