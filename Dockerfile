# The program alone: no shell, no libraries, no root. Build with
#   docker build -t keylint .
# and run with
#   docker run --rm -v "$(pwd):/src:ro" keylint
FROM rust:1-alpine AS build
RUN apk add --no-cache musl-dev
WORKDIR /build
COPY . .
RUN cargo build --release --locked --bin keylint && cp target/release/keylint /keylint
# A folder that anybody may write to: pushes in quarantine are read by way of it. It stands in another one, since what is
# copied by itself loses its mode.
RUN mkdir /root-of-image && mkdir -m 1777 /root-of-image/tmp

FROM scratch
LABEL org.opencontainers.image.source="https://github.com/keylint/keylint" \
      org.opencontainers.image.description="Finds leaked credentials before they are merged, offline" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
COPY --from=build /keylint /keylint
COPY --from=build /root-of-image/ /
COPY LICENSE-MIT LICENSE-APACHE NOTICE /licenses/
USER 65532:65532
WORKDIR /src
ENTRYPOINT ["/keylint"]
