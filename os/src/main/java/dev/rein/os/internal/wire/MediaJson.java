package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.model.Image;
import dev.rein.model.InputFile;
import dev.rein.model.InputFile.Kind;
import java.util.List;

/** The JSON of images and files. Images have their URL or their content, files their content. */
final class MediaJson {
    private static final String DATA = "data:";
    private static final String BASE64 = ";base64,";

    private MediaJson() {}

    static ArrayNode images(List<Image> images) {
        var array = WireJson.array();
        for (var image : images) {
            var node = array.addObject();
            var comma = image.url().indexOf(BASE64);
            if (image.url().startsWith(DATA) && comma > 0) {
                node.put("content", image.url().substring(comma + BASE64.length()));
                node.put("mime_type", image.url().substring(DATA.length(), comma));
            } else {
                node.put("url", image.url());
            }
        }
        return array;
    }

    /** Adds the lists of documents, audio and videos that are not empty. */
    static void putFiles(ObjectNode node, List<InputFile> files) {
        put(node, "files", files, Kind.DOCUMENT);
        put(node, "audio", files, Kind.AUDIO);
        put(node, "videos", files, Kind.VIDEO);
    }

    private static void put(ObjectNode node, String name, List<InputFile> files, Kind kind) {
        var array = files(files, kind);
        if (!array.isEmpty()) {
            node.set(name, array);
        }
    }

    static ArrayNode files(List<InputFile> files, Kind kind) {
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
