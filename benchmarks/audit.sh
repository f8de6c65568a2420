#!/usr/bin/env bash
# Usage: benchmarks/audit.sh [--engine sqlite|postgres] [--rounds N] [--seconds N] [--quick]
# Compares client_credentials in a realm without a trail of its tokens with realms that keep one, usual and durable, and prints a markdown table;
# exits with 1 where a call failed. PostgreSQL is a private server on a temporary folder that syncs its commits.
#   --quick   a second of each, to see that it runs; its numbers mean nothing
set -euo pipefail
cd "$(dirname "$0")/.."

engine=sqlite rounds=5 seconds=5 warmup=8
while [ $# -gt 0 ]; do
  case $1 in
    --quick) rounds=1 seconds=1 warmup=1; shift ;;
    --engine) engine=$2; shift 2 ;;
    --rounds) rounds=$2; shift 2 ;;
    --seconds) seconds=$2; shift 2 ;;
    *) sed -n '2,5p' "$0" >&2; exit 2 ;;
  esac
done

log=$(mktemp)
trap 'rm -f "$log"' EXIT
build() { dotnet build "$1" -c Release -v q --nologo >"$log" || { cat "$log" >&2; exit 1; }; }
build services/realm-admin; build services/token; build benchmarks/Load; build benchmarks/Realms

benchmarks/Realms/bin/Release/net10.0/Realms \
  --realm-admin services/realm-admin/bin/Release/net10.0/Pltfrms.Iam.RealmAdmin \
  --token services/token/bin/Release/net10.0/Pltfrms.Iam.Token \
  --load benchmarks/Load/bin/Release/net10.0/Load \
  --engine "$engine" --only audit --rounds "$rounds" --warm-up "$warmup" --seconds "$seconds"
