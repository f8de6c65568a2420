#!/usr/bin/env bash
# Usage: benchmarks/run.sh [--engine postgres|sqlite] [--only NAME,...] [--rounds N] [--seconds N] [--warm-up N] [--peers NAME,...|all|none] [--out FOLDER] [--scale-divisor N] [--quick]
# Measures the suite beside floors and other servers, in turns, and writes tables and plots; exits with 1 where an answer was wrong.
#   --engine  PostgreSQL is a private server on a temporary folder that syncs its commits; the default
#   --only    client_credentials, introspect, introspect-rest, check, exchange, private_key_jwt, dpop, audit, local, freshness, scale; control-rest and control-grpc only by name
#   --peers   oidc-provider, node-oauth2-server, glewlwyd, cerbos: installed where they are missing, from npm and, as root, from Debian
#   --out     benchmarks/results; what a run does not measure stays as it is there. With --quick benchmarks/out
#   --scale-divisor  1; the large case of scale is so many times smaller, to try it
#   --quick   half a second of each and no peers, to see that it runs without errors; its numbers mean nothing
#   --built   Debug or Release: what was built so is run, and nothing is built
set -euo pipefail
cd "$(dirname "$0")/.."
command=benchmarks/run.sh

engine=postgres built= rounds=3 seconds=3 check=1 warmup=15 only=all peers= out= quick=no divisor=1
while [ $# -gt 0 ]; do
  # What was built is no part of what a reader is to repeat.
  case $1 in --built) ;; --quick) command+=" $1" ;; *) command+=" $1${2:+ $2}" ;; esac
  case $1 in
    --quick) quick=yes rounds=1 seconds=0.4 check=0.2 warmup=0.2; shift ;;
    --engine) engine=$2; shift 2 ;;
    --rounds) rounds=$2; shift 2 ;;
    --seconds) seconds=$2; shift 2 ;;
    --warm-up) warmup=$2; shift 2 ;;
    --only) only=$2; shift 2 ;;
    --peers) peers=$2; shift 2 ;;
    --out) out=$2; shift 2 ;;
    --scale-divisor) divisor=$2; shift 2 ;;
    --built) built=$2; shift 2 ;;
    *) sed -n '2,10p' "$0" >&2; exit 2 ;;
  esac
done
if [ $quick = yes ]; then : "${peers:=none}" "${out:=benchmarks/out}"; else : "${peers:=all}" "${out:=benchmarks/results}"; fi

# The load generators. Without them our own generator measures.
if ! command -v wrk >/dev/null || ! command -v h2load >/dev/null; then
  if [ $quick = no ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wrk nghttp2-client; } >/dev/null || true
  fi
  command -v wrk >/dev/null && command -v h2load >/dev/null || echo "Without wrk or h2load (apt-get install wrk nghttp2-client) our own generator measures." >&2
fi

if [ -z "$built" ]; then
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  built=Release
  build() { dotnet build "$1" -c $built -v q --nologo >"$log" || { cat "$log" >&2; exit 1; }; }
  build benchmarks/Floor; build services/realm-admin; build services/token; build benchmarks/Load; build benchmarks/Local
fi

program() { echo "$1/bin/$built/net10.0/$2"; }

# Of what is run, which can be older than the work tree: the compiler has written it down.
commit=$(grep -aoE '\+[0-9a-f]{40}' "$(program services/token Pltfrms.Iam.Token).dll" | head -1 | cut -c 2-8) || true
[ -z "$(git status --porcelain 2>/dev/null -- services clients protos)" ] || commit="${commit:-no commit} with changes"
exec "$(program benchmarks/Load Load)" \
  --root "$PWD" --out "$out" --commit "${commit:-no commit}" --command "$command" --quick $quick --scale-divisor "$divisor" \
  --floor "$(program benchmarks/Floor Floor)" --local "$(program benchmarks/Local Local)" \
  --realm-admin "$(program services/realm-admin Pltfrms.Iam.RealmAdmin)" --token "$(program services/token Pltfrms.Iam.Token)" \
  --engine "$engine" --only "$only" --peers "$peers" --rounds "$rounds" --warm-up "$warmup" --check "$check" --seconds "$seconds"
