#!/usr/bin/env bash
# Runs the benchmarks; arguments go to BenchmarkDotNet, as in: ./bench.sh --filter '*Level*'
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
# shellcheck source=scripts/install.sh
. "$root/scripts/install.sh"

need_dotnet
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
cd "$root"
[ $# -gt 0 ] || set -- --filter '*'
exec dotnet run -c Release --project benchmarks/Isr.Benchmarks -- "$@"
