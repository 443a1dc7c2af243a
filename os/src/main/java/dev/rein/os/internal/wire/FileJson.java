package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.model.InputFile;
import dev.rein.model.InputFile.Kind;
import java.util.List;

/** The JSON of files with their content: documents, audio and videos are members of their own. */
final class FileJson {
    private FileJson() {}

    /** Adds those lists that are not empty. */
    static void putAll(ObjectNode node, List<InputFile> files) {
        put(node, "files", files, Kind.DOCUMENT);
        put(node, "audio", files, Kind.AUDIO);
        put(node, "videos", files, Kind.VIDEO);
    }

    private static void put(ObjectNode node, String name, List<InputFile> files, Kind kind) {
        var array = of(files, kind);
        if (!array.isEmpty()) {
            node.set(name, array);
        }
    }

    static ArrayNode of(List<InputFile> files, Kind kind) {
        var array = WireJson.array();
        for (var file : files) {
            if (file.kind() == kind) {
                array.addObject()
                        .put("filename", file.name())
                        .put("mime_type", file.mediaType())
                        .put("size", file.size())
                        .put("content", file.base64());
            }
        }
        return array;
    }
}
