#!/bin/sh
# Asks a served example what its own description promises: schemathesis makes requests from
# /api/v1/openapi.json and checks every answer (no server error, described status, kind of content
# and schema). Needs Python; it is a tool for testing, no part of the program.
#
#   sh docs/fuzz-api.sh [BINARY] [MOST EXAMPLES OF ONE ADDRESS]
set -eu
binary=$(realpath "${1:-target/debug/rapporteur}")
examples=${2:-100}
work=$(mktemp -d)
trap 'kill "$served" 2>/dev/null || true; rm -rf "$work"' EXIT
if [ -n "${SCHEMATHESIS:-}" ]; then
    st=$SCHEMATHESIS
else
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet schemathesis
    st=$work/venv/bin/st
fi
"$binary" demo --at "$work/example" >"$work/demo.log"
"$binary" --desk "$work/example/desk" serve --listen 127.0.0.1:0 >"$work/serve.log" &
served=$!
address=
while [ -z "$address" ]; do
    sleep 0.1
    address=$(sed -n 's|.*\(http://127[^/]*\)/.*|\1|p' "$work/serve.log")
done
# Its cache stays in the temporary folder.
cd "$work"
"$st" run "$address/api/v1/openapi.json" --max-examples "$examples" --checks all \
    --exclude-checks positive_data_acceptance --seed 1 --suppress-health-check all
