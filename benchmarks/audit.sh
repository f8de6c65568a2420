#!/usr/bin/env bash
# Usage: benchmarks/audit.sh [what benchmarks/run.sh takes]
# Compares client_credentials in a realm without a trail of its tokens with realms that keep one, usual and durable: `run.sh --only audit`.
exec "$(dirname "$0")/run.sh" --only audit "$@"
