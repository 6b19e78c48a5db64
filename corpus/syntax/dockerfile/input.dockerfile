# syntax=docker/dockerfile:1
ARG RUST_VERSION=1.88
ARG BASE=debian:bookworm-slim

# Compiles the store.
FROM --platform=$BUILDPLATFORM rust:${RUST_VERSION} AS build
ARG TARGET
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
RUN --mount=type=cache,target=/usr/local/cargo \
    cargo fetch \
    && cargo build --release
COPY . .
RUN cargo build --release --target "$TARGET"

FROM node:22-alpine AS assets
RUN npm ci

FROM build AS test
RUN cargo test

# The image that ships.
FROM ${BASE}
LABEL org.opencontainers.image.title="store" \
      maintainer="ada@example.org"
ENV STORE_PORT=8080 STORE_HOME=/var/lib/store
ENV LEGACY value
COPY --from=build /src/target/release/store /usr/local/bin/
COPY --from=assets --chown=1000 /app/dist /srv/www
COPY --from=nginx:latest /etc/nginx/nginx.conf /etc/
RUN <<SCRIPT
adduser store
FROM scratch
SCRIPT
EXPOSE 8080/tcp 9090
VOLUME ["/var/lib/store"]
USER store
HEALTHCHECK --interval=30s CMD curl -f http://localhost:8080/health
ENTRYPOINT ["/usr/local/bin/store"]
CMD ["serve", "--port", "8080"]
BROKEN instruction
FROM scratch AS tail
COPY
