package dev.rein.spring;

import dev.rein.model.Role;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/** An application on Tomcat with a port of its own, and a client for it. */
final class TestApplication implements AutoCloseable {
    final ConfigurableApplicationContext context;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private TestApplication(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** What an application has besides Rein: everybody may call it, and ann is known. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Base {
        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(all -> all.anyRequest().permitAll())
                    .httpBasic(Customizer.withDefaults())
                    .csrf(csrf -> csrf.disable())
                    .build();
        }

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(User.withUsername("ann")
                    .password("{noop}secret")
                    .roles("USER")
                    .build());
        }
    }

    /** Starts an application without a database, whose AgentOS is off. */
    static TestApplication start(Class<?> configuration, String... properties) {
        var all = new LinkedHashMap<String, String>();
        for (var each : List.of(
                "server.port=0",
                "spring.main.banner-mode=off",
                "spring.main.register-shutdown-hook=false",
                "spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
                "rein.agent-os.enabled=false",
                "management.endpoints.web.exposure.include=*",
                "management.endpoint.health.show-details=always")) {
            put(all, each);
        }
        for (var each : properties) {
            put(all, each);
        }
        return new TestApplication(new SpringApplicationBuilder(Base.class, configuration)
                .run(all.entrySet().stream()
                        .map(each -> "--" + each.getKey() + "=" + each.getValue())
                        .toArray(String[]::new)));
    }

    private static void put(Map<String, String> properties, String property) {
        var equals = property.indexOf('=');
        properties.put(property.substring(0, equals), property.substring(equals + 1));
    }

    /** A model that calls a tool and then answers, in each run. */
    static ScriptedModel callsAndAnswers(String tool, String answer) {
        return ScriptedModel.create()
                .answerBy(request -> request.messages().getLast().role() == Role.TOOL
                        ? Script.text(answer)
                        : Script.toolCall(tool, "{}"))
                .repeating();
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    URI uri(String path) {
        return URI.create("http://localhost:" + context.getEnvironment().getProperty("local.server.port") + path);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path));
    }

    static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** The lines of a response, which arrive one by one; closing it disconnects. */
    Lines open(HttpRequest request) throws IOException, InterruptedException {
        return new Lines(client.send(request, HttpResponse.BodyHandlers.ofInputStream()));
    }

    HttpResponse<String> postForm(String path, String form) throws IOException, InterruptedException {
        return send(form(path, form));
    }

    HttpRequest form(String path, String form) {
        return request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
    }

    @Override
    public void close() {
        context.close();
        client.close();
    }
}
