package dev.rein.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The operating system's table of TCP connections. Linux only; empty on other systems. */
final class TcpTable {
    private static final List<Path> FILES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final Map<String, String> STATES = Map.of(
            "01",
            "ESTABLISHED",
            "02",
            "SYN_SENT",
            "04",
            "FIN_WAIT1",
            "05",
            "FIN_WAIT2",
            "06",
            "TIME_WAIT",
            "07",
            "CLOSE",
            "08",
            "CLOSE_WAIT",
            "09",
            "LAST_ACK",
            "0A",
            "LISTEN");

    /**
     * A connection of this machine.
     *
     * @param inode the number in the descriptor's target {@code socket:[inode]} in {@code /proc/self/fd}
     */
    record Row(int localPort, int remotePort, String state, String inode) {
        boolean isEstablished() {
            return state.equals("ESTABLISHED");
        }

        @Override
        public String toString() {
            return "port " + localPort + " to port " + remotePort + ", " + state;
        }
    }

    private TcpTable() {}

    static boolean exists() {
        return Files.isReadable(FILES.getFirst());
    }

    static List<Row> read() throws IOException {
        var rows = new ArrayList<Row>();
        for (var file : FILES) {
            if (Files.isReadable(file)) {
                for (var line : Files.readAllLines(file)) {
                    var fields = line.strip().split("\\s+");
                    if (fields.length > 9 && fields[0].endsWith(":")) {
                        rows.add(new Row(
                                port(fields[1]),
                                port(fields[2]),
                                STATES.getOrDefault(fields[3], fields[3]),
                                fields[9]));
                    }
                }
            }
        }
        return rows;
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
    }
}
