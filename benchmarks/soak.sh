#!/usr/bin/env bash
# Usage: benchmarks/soak.sh [--engine sqlite|postgres] [--days N] [--factor N] [--quick]
# Simulates days of 100 logins a second on the token service's database, one in --factor of them made, and shows that it does not grow.
#   --quick   one in 2,000,000, to see that it runs; its numbers mean nothing
set -euo pipefail
cd "$(dirname "$0")/.."

engine=sqlite days=30 factor=10000 logins=100
while [ $# -gt 0 ]; do
  case $1 in
    --quick) factor=2000000; shift ;;
    --engine) engine=$2; shift 2 ;;
    --days) days=$2; shift 2 ;;
    --factor) factor=$2; shift 2 ;;
    *) sed -n '2,4p' "$0" >&2; exit 2 ;;
  esac
done

log=$(mktemp)
trap 'rm -f "$log"' EXIT
dotnet build benchmarks/Soak -c Release -v q --nologo >"$log" || { cat "$log" >&2; exit 1; }

benchmarks/Soak/bin/Release/net10.0/Soak --engine "$engine" --days "$days" --logins "$logins" --factor "$factor"
