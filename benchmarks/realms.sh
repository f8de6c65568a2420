#!/usr/bin/env bash
# Usage: benchmarks/realms.sh [--engine sqlite|postgres] [--only many|large] [--realms N] [--bindings N] [--writes N] [--quick]
# Measures many realms and a large one, and prints markdown tables. PostgreSQL is a private server on a temporary folder.
#   --quick   small numbers, to see that it runs; they mean nothing
set -euo pipefail
cd "$(dirname "$0")/.."

engine=sqlite only=all realms=10000 bindings=1000000 writes=500
while [ $# -gt 0 ]; do
  case $1 in
    --quick) realms=100 bindings=10000 writes=20; shift ;;
    --engine) engine=$2; shift 2 ;;
    --only) only=$2; shift 2 ;;
    --realms) realms=$2; shift 2 ;;
    --bindings) bindings=$2; shift 2 ;;
    --writes) writes=$2; shift 2 ;;
    *) sed -n '2,4p' "$0" >&2; exit 2 ;;
  esac
done

log=$(mktemp)
trap 'rm -f "$log"' EXIT
build() { dotnet build "$1" -c Release -v q --nologo >"$log" || { cat "$log" >&2; exit 1; }; }
build services/realm-admin; build services/token; build benchmarks/Realms

benchmarks/Realms/bin/Release/net10.0/Realms \
  --realm-admin services/realm-admin/bin/Release/net10.0/Pltfrms.Iam.RealmAdmin \
  --token services/token/bin/Release/net10.0/Pltfrms.Iam.Token \
  --engine "$engine" --only "$only" --realms "$realms" --bindings "$bindings" --writes "$writes"
