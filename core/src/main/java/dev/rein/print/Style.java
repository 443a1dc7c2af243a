package dev.rein.print;

/** The styles of lines, as parameters of the escape sequence that selects them. */
enum Style {
    NORMAL(""),
    COMPONENT("1;36"),
    STEP("1"),
    TOOL("36"),
    NOTE("2"),
    WARNING("33"),
    FAILURE("31"),
    SUCCESS("32");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    String on(String text, boolean colours) {
        return !colours || code.isEmpty() || text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
