package dev.rein.internal.agent;

import dev.rein.model.Image;
import dev.rein.model.InputFile;
import dev.rein.model.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * Replaces the images and files of earlier messages by words: sent again with every request, they would cost more from turn to turn,
 * while the model has answered what was asked about them.
 */
final class EarlierMedia {
    private static final int MAX_URL = 200;

    private EarlierMedia() {}

    /** @param kept the number of messages, the latest ones, that keep their media */
    static List<Message> described(List<Message> messages, int kept) {
        var described = new ArrayList<>(messages);
        var left = kept;
        for (var i = described.size() - 1; i >= 0; i--) {
            var message = described.get(i);
            if (message.hasMedia() && left-- <= 0) {
                described.set(i, described(message));
            }
        }
        return described;
    }

    private static Message described(Message message) {
        var words = new StringBuilder(message.content());
        message.images().forEach(image -> add(words, "an image: " + describe(image)));
        message.files().forEach(file -> add(words, "a file: " + describe(file)));
        return message.withMedia(List.of(), List.of()).withContent(words.toString());
    }

    private static void add(StringBuilder words, String what) {
        words.append(words.isEmpty() ? "" : "\n")
                .append("[This message had ")
                .append(what)
                .append("]");
    }

    private static String describe(Image image) {
        var base64 = image.base64();
        return base64 == null
                ? image.url().substring(0, Math.min(MAX_URL, image.url().length()))
                : image.mimeType() + ", " + base64.length() / 4 * 3 / 1024 + " KiB";
    }

    private static String describe(InputFile file) {
        return file.name() + ", " + file.mediaType() + ", " + file.size() / 1024 + " KiB";
    }
}
