package dev.rein.http;

import java.util.regex.Pattern;

/** Reads what a web page says, such as the page of a proxy in place of a server's response. */
final class WebPage {

    private static final int MAX_WORDS = 300;
    private static final int MAX_READ = 8_000;
    private static final Pattern TITLE = Pattern.compile("<(title|h1)[^>]*>([^<]+)<", Pattern.CASE_INSENSITIVE);
    private static final Pattern UNSEEN =
            Pattern.compile("<(script|style)[^>]*>.*?</(script|style)>", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern TAG = Pattern.compile("<[^>]*>");
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private WebPage() {}

    static boolean is(String text) {
        return text.stripLeading().startsWith("<");
    }

    /** The title of a page, or else the beginning of its text. Text that is no page is returned unchanged. */
    static String words(String text) {
        if (!is(text)) {
            return text.strip();
        }
        var title = title(text);
        return title.isEmpty()
                ? shortened(TAG.matcher(UNSEEN.matcher(beginning(text)).replaceAll(" "))
                        .replaceAll(" "))
                : title;
    }

    /** The title of a page; empty for none. */
    static String title(String text) {
        var title = TITLE.matcher(beginning(text));
        return title.find() ? shortened(title.group(2)) : "";
    }

    private static String beginning(String text) {
        return text.substring(0, Math.min(text.length(), MAX_READ));
    }

    private static String shortened(String text) {
        var words = BLANKS.matcher(text).replaceAll(" ").strip();
        return words.length() <= MAX_WORDS ? words : words.substring(0, MAX_WORDS) + "...";
    }
}
