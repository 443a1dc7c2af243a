package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.rein.model.Image;
import java.util.List;

/** The JSON of images: by URL, or with their content. */
final class ImageJson {
    private static final String DATA = "data:";
    private static final String BASE64 = ";base64,";

    private ImageJson() {}

    static ArrayNode of(List<Image> images) {
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
}
