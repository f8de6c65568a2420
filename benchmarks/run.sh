#!/usr/bin/env bash
# Usage: benchmarks/run.sh [--quick] [--rounds N] [--seconds N] [--only NAME,...] [--out FILE]
# Compares the suite with bare Kestrel servers in turns and prints a markdown table; exits with 1 where a call failed.
#   --quick   a second of each, to see that it runs without errors; its numbers mean nothing
#   --only    client_credentials, exchange, private_key_jwt, dpop, introspect, check, introspect-rest, control-rest, control-grpc; without it all but the controls
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=5 seconds=5 warmup=8 only=all out=
while [ $# -gt 0 ]; do
  case $1 in
    --quick) rounds=1 seconds=1 warmup=1; shift ;;
    --rounds) rounds=$2; shift 2 ;;
    --seconds) seconds=$2; shift 2 ;;
    --only) only=$2; shift 2 ;;
    --out) out=$2; shift 2 ;;
    *) sed -n '2,5p' "$0" >&2; exit 2 ;;
  esac
done

work=$(mktemp -d)
pids=()
stop() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT TERM

build() { dotnet build "$1" -c Release -v q --nologo >"$work/build.log" || { cat "$work/build.log" >&2; exit 1; }; }
build benchmarks/Floor; build benchmarks/Load; build services/suite

open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
port=$((20000 + RANDOM % 20000))
free_port() { port=$((port + 1)); while open "$port"; do port=$((port + 1)); done; }
free_port; floor_http=$port
free_port; floor_grpc=$port
free_port; token_http=$port
free_port; token_grpc=$port
free_port; realm_admin_grpc=$port
free_port; consent_grpc=$port
free_port; consent_http=$port

# start NAME PROGRAM ARGUMENTS...: in the background, its output in a file
start() { local name=$1; shift; "$@" >"$work/$name.log" 2>&1 & pids+=($!); }
# await NAME PID COMMAND...: until the command succeeds or the process ends, at most a minute
await() {
  local name=$1 pid=$2 i; shift 2
  for i in $(seq 600); do
    "$@" >/dev/null 2>&1 && return
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  echo "$name did not start:" >&2; cat "$work/$name.log" >&2; exit 1
}

start floor benchmarks/Floor/bin/Release/net10.0/Floor "$floor_http" "$floor_grpc"; floor=$!
start suite services/suite/bin/Release/net10.0/Pltfrms.Iam.Suite --fresh --data "$work/data" \
  --token-http "$token_http" --token-grpc "$token_grpc" --realm-admin-grpc "$realm_admin_grpc" \
  --consent-grpc "$consent_grpc" --consent-http "$consent_http"; suite=$!
await floor "$floor" open "$floor_http"
# The realm is there once its metadata is.
await suite "$suite" curl -sf "http://127.0.0.1:$token_http/realms/demo/.well-known/oauth-authorization-server"

benchmarks/Load/bin/Release/net10.0/Load \
  --floor-http "http://127.0.0.1:$floor_http" --floor-grpc "http://127.0.0.1:$floor_grpc" --floor-pid "$floor" \
  --suite-http "http://127.0.0.1:$token_http" --suite-grpc "http://127.0.0.1:$token_grpc" \
  --suite-admin "http://127.0.0.1:$realm_admin_grpc" --operator-key "$work/data/operator.key" --suite-pid "$suite" \
  --rounds "$rounds" --warm-up "$warmup" --seconds "$seconds" --only "$only" | tee ${out:+"$out"}
