# The server of `./rein serve`, with a Java runtime of the modules that it needs. For a server of your own, replace the build in the first
# stage and the class at the end; docs/deploying.md describes how to run it.

FROM eclipse-temurin:25-jdk AS build
RUN apt-get update && apt-get install -y --no-install-recommends maven && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN mvn --batch-mode --no-transfer-progress -pl cli -am -Pimage -Dmaven.test.skip=true -Dexec.skip=true package \
    && mkdir -p /app/lib && cp cli/target/lib/*.jar cli/target/rein-cli-*.jar /app/lib/
RUN jlink --add-modules "$(paste -sd, docker/modules.txt)" --strip-debug --no-header-files --no-man-pages \
    --compress zip-6 --output /app/java

FROM debian:13-slim
RUN useradd --uid 10001 --no-create-home rein && install -d -o rein -g rein /data
COPY --from=build /app /app
COPY docker/health /app/health
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 7777
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s CMD ["/app/health", "7777"]
ENV LANG=C.UTF-8 JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=60"
ENTRYPOINT ["/app/java/bin/java", "--enable-native-access=ALL-UNNAMED", "-cp", "/app/lib/*", "dev.rein.cli.Rein"]
CMD ["serve", "--host", "0.0.0.0", "--db", "/data/rein.db"]
