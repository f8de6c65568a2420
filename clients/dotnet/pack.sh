#!/usr/bin/env bash
# Packs the client library, for ASP.NET Core too, and the two packages that it is made of. Usage: clients/dotnet/pack.sh FOLDER [options of dotnet pack]
# A feed that lacks Grpc.Core.Api and Grpc.Net.Common needs compat/Grpc.Core.Api and compat/Grpc.Net.Common besides, packed with -p:IsPackable=true.
set -euo pipefail
[ $# -gt 0 ] || { sed -n '2,3p' "$0" >&2; exit 2; }
folder=$(mkdir -p "$1" && cd "$1" && pwd)
shift
cd "$(dirname "$0")/../.."
for project in protos services/decisions clients/dotnet/Pltfrms.Iam.Client.csproj clients/dotnet/aspnetcore; do
  dotnet pack "$project" --output "$folder" "$@"
done
