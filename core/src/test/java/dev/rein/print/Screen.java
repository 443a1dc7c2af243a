package dev.rein.print;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What a terminal shows of what is written to it. Knows the instructions that a printer uses, and fails at any other. */
final class Screen extends Writer {
    private static final Pattern INSTRUCTION = Pattern.compile("\u001b\\[(\\?7[hl]|[0-9;]*m|([0-9]+)A|J)");

    private final int columns;
    private final List<StringBuilder> rows = new ArrayList<>(List.of(new StringBuilder()));
    private int row;
    private int column;

    Screen(int columns) {
        this.columns = columns;
    }

    @Override
    public void write(char[] chars, int from, int length) {
        var text = new String(chars, from, length);
        for (var at = 0; at < text.length(); ) {
            var each = text.charAt(at);
            if (each == '\u001b') {
                var instruction = INSTRUCTION.matcher(text).region(at, text.length());
                assertThat(instruction.lookingAt()).as(text.substring(at)).isTrue();
                obey(instruction.group(1));
                at = instruction.end();
                continue;
            }
            put(each);
            at++;
        }
    }

    private void obey(String instruction) {
        if (instruction.endsWith("A")) {
            row -= Integer.parseInt(instruction.substring(0, instruction.length() - 1));
            assertThat(row).isNotNegative();
        } else if (instruction.equals("J")) {
            rows.subList(row + 1, rows.size()).clear();
            rows.get(row).setLength(column);
        }
    }

    private void put(char each) {
        assertThat(each == '\n' || each == '\r' || !Character.isISOControl(each))
                .isTrue();
        switch (each) {
            case '\r' -> column = 0;
            case '\n' -> {
                row++;
                column = 0;
                if (row == rows.size()) {
                    rows.add(new StringBuilder());
                }
            }
            default -> {
                var line = rows.get(row);
                line.setLength(Math.max(line.length(), column));
                line.replace(column, Math.min(column + 1, line.length()), String.valueOf(each));
                column++;
                assertThat(TextWidth.of(line.toString())).as(line.toString()).isLessThan(columns);
            }
        }
    }

    String shown() {
        return String.join("\n", rows).stripTrailing() + "\n";
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
