# The exporter alone: one static binary, no shell, no user but nobody's number.
#
#     docker build -t postfix_exporter .
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# timetzdata: stamps without a zone are in that of the variable TZ.
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -tags timetzdata -ldflags '-s -w' -o /postfix_exporter .

FROM scratch
COPY --from=build /postfix_exporter /postfix_exporter
USER 65532:65532
EXPOSE 9154
ENTRYPOINT ["/postfix_exporter"]
