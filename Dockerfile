# Two stages; builds with BuildKit and with the classic builder.
FROM golang:1.26 AS build
WORKDIR /src
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=${VERSION}" -o /vigie ./cmd/vigie

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /vigie /usr/local/bin/vigie
COPY --from=build /src/configs /etc/vigie
# By number, so that an orchestrator can see that it is not root.
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/vigie"]
CMD ["run", "--config", "/etc/vigie/vigie.yaml"]
