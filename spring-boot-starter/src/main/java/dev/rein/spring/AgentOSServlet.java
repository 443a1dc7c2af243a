package dev.rein.spring;

import dev.rein.os.AgentOS;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The place of AgentOS in the application's server. The container starts before the application's beans exist, so it answers 503
 * until they do. Thread-safe.
 */
final class AgentOSServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private transient volatile @Nullable HttpServlet served;

    /** Serves from now on. */
    void serve(AgentOS os) {
        served = os.servlet();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        var servlet = served;
        if (servlet == null) {
            response.setHeader("Retry-After", "1");
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE, "AgentOS is starting");
        } else {
            servlet.service(request, response);
        }
    }
}
