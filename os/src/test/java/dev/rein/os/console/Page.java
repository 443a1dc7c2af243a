package dev.rein.os.console;

import static dev.rein.os.console.Browser.params;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A page of a {@link Browser} with storage of its own, used as a person does: it is clicked and typed into. */
final class Page implements AutoCloseable {
    private static final int WAIT_MILLIS = 30_000;

    private final Browser browser;
    private final String context;
    private final String target;
    private final String session;
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final List<String> failedRequests = new CopyOnWriteArrayList<>();

    Page(Browser browser) {
        this.browser = browser;
        context = browser.call("", "Target.createBrowserContext", params())
                .path("browserContextId")
                .asText();
        target = browser.call(
                        "",
                        "Target.createTarget",
                        params().put("url", "about:blank").put("browserContextId", context))
                .path("targetId")
                .asText();
        session = browser.call(
                        "",
                        "Target.attachToTarget",
                        params().put("targetId", target).put("flatten", true))
                .path("sessionId")
                .asText();
        browser.listen(session, this::event);
        for (var domain : List.of("Page", "Runtime", "Log", "Network")) {
            call(domain + ".enable");
        }
        size(1280, 800);
    }

    private void event(JsonNode message) {
        var params = message.path("params");
        switch (message.path("method").asText()) {
            case "Runtime.exceptionThrown" ->
                errors.add(params.path("exceptionDetails").toString());
            case "Runtime.consoleAPICalled" -> {
                if (params.path("type").asText().matches("error|assert|warning")) {
                    errors.add(params.path("args").toString());
                }
            }
            case "Log.entryAdded" -> {
                var entry = params.path("entry");
                if (entry.path("source").asText().equals("network")) {
                    failedRequests.add(entry.path("text").asText() + " "
                            + entry.path("url").asText());
                } else if (entry.path("level").asText().equals("error")) {
                    errors.add(entry.toString());
                }
            }
            default -> {}
        }
    }

    /** Errors of scripts and violations of the page's security policy. */
    List<String> errors() {
        return errors;
    }

    /** Requests that the server has refused or not answered. */
    List<String> failedRequests() {
        return failedRequests;
    }

    private JsonNode call(String method) {
        return browser.call(session, method, params());
    }

    JsonNode call(String method, com.fasterxml.jackson.databind.node.ObjectNode params) {
        return browser.call(session, method, params);
    }

    Page size(int width, int height) {
        call(
                "Emulation.setDeviceMetricsOverride",
                params().put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", width < 600));
        return this;
    }

    Page dark(boolean on) {
        var params = params();
        params.putArray("features")
                .addObject()
                .put("name", "prefers-color-scheme")
                .put("value", on ? "dark" : "light");
        call("Emulation.setEmulatedMedia", params);
        return this;
    }

    /** Delays every response, and limits the rate of all. */
    Page slow(int millis, int bytesPerSecond) {
        call(
                "Network.emulateNetworkConditions",
                params().put("offline", false)
                        .put("latency", millis)
                        .put("downloadThroughput", bytesPerSecond)
                        .put("uploadThroughput", bytesPerSecond));
        return this;
    }

    /** Executes a script in each document before its own scripts. */
    Page beforeLoad(String script) {
        call("Page.addScriptToEvaluateOnNewDocument", params().put("source", script));
        return this;
    }

    Page open(String url) {
        call("Page.navigate", params().put("url", url));
        return until("document.readyState === 'complete' && location.href !== 'about:blank'");
    }

    /** The value of an expression; a promise is awaited. */
    JsonNode eval(String expression) {
        var result = call(
                "Runtime.evaluate",
                params().put("expression", expression)
                        .put("awaitPromise", true)
                        .put("returnByValue", true)
                        .put("userGesture", true));
        if (result.has("exceptionDetails")) {
            throw new AssertionError(expression + "\n"
                    + result.path("exceptionDetails")
                            .path("exception")
                            .path("description")
                            .asText()
                    + "\nthe page shows: " + text() + "\nits errors: " + errors + failedRequests);
        }
        return result.path("result").path("value");
    }

    private String text() {
        var text = call(
                        "Runtime.evaluate",
                        params().put("expression", "document.body.innerText.slice(0, 2000)")
                                .put("returnByValue", true))
                .path("result");
        return text.path("value").asText();
    }

    /** Waits until an expression is true. */
    Page until(String expression) {
        eval("new Promise((done, failed) => { const end = performance.now() + " + WAIT_MILLIS
                + "; const look = () => { let value; try { value = (" + expression
                + "); } catch { value = false; } if (value) done(true); else if (performance.now() > end)"
                + " failed(new Error('still not true')); else setTimeout(look, 10); }; look(); })");
        return this;
    }

    /** Waits until an element that fits the selector has this text. */
    Page untilText(String selector, String text) {
        return until("[...document.querySelectorAll(" + quoted(selector) + ")].some(e => e.innerText.includes("
                + quoted(text) + "))");
    }

    Page untilShown(String selector) {
        return until("document.querySelector(" + quoted(selector) + ")");
    }

    Page untilGone(String selector) {
        return until("!document.querySelector(" + quoted(selector) + ")");
    }

    String text(String selector) {
        return eval("(document.querySelector(" + quoted(selector) + ") || {}).innerText || ''")
                .asText();
    }

    int count(String selector) {
        return eval("document.querySelectorAll(" + quoted(selector) + ").length")
                .asInt();
    }

    /** Clicks with the mouse in the middle of the first element that fits the selector, once it is there and enabled. */
    Page click(String selector) {
        until("(e => e && !e.disabled && e.getClientRects().length)(document.querySelector(" + quoted(selector) + "))");
        var box = eval("(e => { e.scrollIntoView({block: 'nearest'}); const r = e.getBoundingClientRect();"
                + " return {x: r.x + r.width / 2, y: r.y + r.height / 2}; })(document.querySelector(" + quoted(selector)
                + "))");
        for (var type : List.of("mousePressed", "mouseReleased")) {
            call(
                    "Input.dispatchMouseEvent",
                    params().put("type", type)
                            .put("x", box.path("x").asDouble())
                            .put("y", box.path("y").asDouble())
                            .put("button", "left")
                            .put("clickCount", 1));
        }
        return this;
    }

    /** Clicks the first button or link whose name contains the text. */
    Page press(String text) {
        var mark = "data-test-mark";
        until("(() => { const e = [...document.querySelectorAll('button, a, summary, [role=tab]')].find(e =>"
                + " (e.getAttribute('aria-label') || e.innerText).includes(" + quoted(text)
                + ") && !e.disabled && e.getClientRects().length); document.querySelectorAll('[" + mark
                + "]').forEach(o => o.removeAttribute('" + mark + "')); if (e) e.setAttribute('" + mark
                + "', ''); return e; })()");
        return click("[" + mark + "]");
    }

    /** Clicks a field and types into it. */
    Page type(String selector, String text) {
        click(selector);
        call("Input.insertText", params().put("text", text));
        return this;
    }

    Page key(String name) {
        var code = switch (name) {
            case "Enter" -> 13;
            case "Escape" -> 27;
            case "Tab" -> 9;
            default -> throw new IllegalArgumentException(name);
        };
        for (var type : List.of("keyDown", "keyUp")) {
            var params = params().put("type", type)
                    .put("key", name)
                    .put("code", name)
                    .put("windowsVirtualKeyCode", code);
            if (name.equals("Enter") && type.equals("keyDown")) {
                params.put("text", "\r");
            }
            call("Input.dispatchKeyEvent", params);
        }
        return this;
    }

    Page choose(String selector, String value) {
        untilShown(selector);
        eval("(e => { e.value = " + quoted(value) + "; e.dispatchEvent(new Event('change', {bubbles: true})); })"
                + "(document.querySelector(" + quoted(selector) + "))");
        return this;
    }

    static String quoted(String text) {
        return com.fasterxml.jackson.databind.node.TextNode.valueOf(text).toString();
    }

    void picture(Path file) {
        try {
            // Two frames, so that what has just changed is painted.
            eval("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))");
            var data = call("Page.captureScreenshot", params().put("format", "png"))
                    .path("data")
                    .asText();
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, Base64.getDecoder().decode(data));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        browser.forget(session);
        browser.call("", "Target.disposeBrowserContext", params().put("browserContextId", context));
    }
}
