#!/usr/bin/env bash
# Installs what is missing (as root on Debian), builds, lints the contracts and runs every test.
# Ends with one line "N passed, N failed". Exit code 0 only if nothing failed and every step was fine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
exec </dev/null

readonly buf_version=1.75.0
readonly configuration=Debug
readonly test_timeout=1200

work=$(mktemp -d)
[ -n "${HOME:-}" ] || export HOME=$work
# Nothing that is started here outlives the run: no build nodes, and what runs beside the script is stopped, with what it runs.
stop() {
    local job
    for job in $(jobs -p); do
        pkill -P "$job" || kill "$job" 2>/dev/null || true
    done
    wait
}
trap 'stop; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false

passed=0 failed=0 skipped=0
problems=()

step() { printf '\n== %s\n' "$*"; }

# Prints what went wrong, once more and together, then the closing line.
finish() {
    if [ ${#problems[@]} -gt 0 ]; then
        step "Failed"
        printf '%s\n' "${problems[@]}"
    fi
    printf '\n%s passed, %s failed' "$passed" "$failed"
    [ "$skipped" -eq 0 ] || printf ', %s skipped' "$skipped"
    printf '\n'
    [ ${#problems[@]} -eq 0 ] && [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
    exit
}

give_up() {
    problems+=("$1")
    finish
}

# install <what it is for> <package>...: with apt-get as root; otherwise says what to install and returns 1.
apt_is_fresh=false
install() {
    local purpose=$1
    shift
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        echo "Missing: $purpose. Install it: sudo apt-get install $*"
        return 1
    fi
    echo "Installing $* ($purpose)"
    if ! $apt_is_fresh; then
        apt-get update -qq >"$work/apt.log" 2>&1 || { cat "$work/apt.log"; return 1; }
        apt_is_fresh=true
    fi
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >"$work/apt.log" 2>&1 || { cat "$work/apt.log"; return 1; }
}

has_postgres() { command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }

prepare_postgres() {
    has_postgres && return
    # Debian would make a server of its own and start it; the tests start theirs.
    local settings=/etc/postgresql-common/createcluster.conf
    if [ "$(id -u)" -eq 0 ] && [ ! -e "$settings" ]; then
        install "PostgreSQL's common parts" postgresql-common || return
        echo 'create_main_cluster = false' >>"$settings"
    fi
    install "PostgreSQL server for the storage tests" postgresql
}

prepare_buf() {
    local folder="${XDG_CACHE_HOME:-$HOME/.cache}/pltfrms-iam/buf-$buf_version"
    buf="$folder/node_modules/.bin/buf"
    "$buf" --version >/dev/null 2>&1 && return
    if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
        install "node and npm, which bring buf" nodejs npm || return
    fi
    echo "Installing buf $buf_version"
    # Some platforms' packages are missing at this version, so a lock file would not install.
    npm install --no-package-lock --no-audit --no-fund --loglevel=error --prefix "$folder" "@bufbuild/buf@$buf_version" >"$work/npm.log" 2>&1 &&
        "$buf" --version >/dev/null 2>&1 || { cat "$work/npm.log"; return 1; }
}

# What the tests take from npm: a JOSE library for an independent consent server, axe-core for the pages, an OpenID provider and OAuth clients.
prepare_node_tests() {
    local folder="${XDG_CACHE_HOME:-$HOME/.cache}/pltfrms-iam/node-tests"
    cmp -s tests/node/package.json "$folder/package.json" && (cd "$folder" && npm ls >/dev/null 2>&1) && return
    echo "Installing npm's packages for the tests"
    mkdir -p "$folder" && cp tests/node/package.json "$folder/" &&
        npm install --no-package-lock --no-audit --no-fund --loglevel=error --prefix "$folder" >"$work/npm.log" 2>&1 || { cat "$work/npm.log"; return 1; }
}

has_chromium() { command -v chromium >/dev/null; }

# The operators' walk reads answers with it.
prepare_jq() { command -v jq >/dev/null || install "jq, which the operators' walk needs" jq; }

# The commit that the contracts must stay compatible with: where this branch left main; on main itself, what was there before.
baseline() {
    local head main
    head=$(git rev-parse --verify --quiet HEAD) || return 0
    for main in origin/main main; do
        git rev-parse --verify --quiet "$main^{commit}" >/dev/null || continue
        [ "$(git rev-parse "$main")" = "$head" ] && continue
        git merge-base "$main" HEAD && return
    done
    if [ -n "$(git status --porcelain -- protos buf.yaml)" ]; then
        echo "$head"
    else
        git rev-parse --verify --quiet HEAD~1 || true
    fi
}

check_compatibility() {
    local commit
    commit=$(baseline 2>/dev/null) || true
    if [ -z "$commit" ] || ! git rev-parse --verify --quiet "$commit:protos" >/dev/null; then
        echo "No earlier contracts to compare with."
        return
    fi
    echo "Comparing with $(git log -1 --format='%h %s' "$commit")"
    mkdir "$work/baseline"
    git archive "$commit" protos | tar -x -C "$work/baseline"
    cp buf.yaml "$work/baseline/"
    "$buf" breaking --against "$work/baseline"
}

# One compiler for all projects, which starts once and ends with the build: it takes half the time of one for each.
build() {
    local sdk shared=false name="pltfrms-iam-$$" status=0
    sdk=$(dotnet --list-sdks | sed -n "s/^$(cat "$work/sdk.log") \[\(.*\)\]$/\1/p")/$(cat "$work/sdk.log")
    if [ -e "$sdk/Roslyn/bincore/VBCSCompiler.dll" ]; then
        dotnet "$sdk/Roslyn/bincore/VBCSCompiler.dll" "-pipename:$name" >/dev/null 2>&1 &
        shared=true
    fi
    dotnet build Pltfrms.Iam.sln --configuration "$configuration" --nologo --verbosity quiet \
        -p:UseSharedCompilation=$shared -p:SharedCompilationId="$name" -clp:NoSummary || status=$?
    stop
    return $status
}

# counter <name> <trx file>: a number of the result file's Counters element.
counter() { sed -n "s/.*<Counters[^>]* $1=\"\([0-9]*\)\".*/\1/p" "$2"; }

# The test projects that were built, the largest first.
test_projects() {
    local project name
    for project in tests/*/*.csproj; do
        name=$(basename "$project" .csproj)
        grep -q '<IsTestProject>false</IsTestProject>' "$project" || stat -c "%s $name" "$(assembly "$name")" 2>/dev/null || echo "0 $name"
    done | sort -rn | cut -d ' ' -f 2
}

assembly() { echo "tests/$1/bin/$configuration/net10.0/$1.dll"; }

run_tests() {
    local name=$1 status=0
    timeout --kill-after=30 "$test_timeout" dotnet test "$(assembly "$name")" --nologo \
        --logger "console;verbosity=minimal" --logger "trx;LogFileName=$work/$name.trx" >"$work/$name.log" 2>&1 || status=$?
    echo "$status" >"$work/$name.status"
    grep -v -e '^Test run for ' -e '^A total of ' -e '^Results File: ' -e '^VSTest version ' \
        -e '^Starting test execution' -e '^\[xUnit.net .*\[FAIL\]$' -e '^$' "$work/$name.log" || true
}

# Counts the tests of a project that has run, and remembers what went wrong.
count_tests() {
    local name=$1 results="$work/$1.trx" status
    status=$(cat "$work/$name.status")
    if [ ! -e "$results" ]; then
        [ -e "$(assembly "$name")" ] && problems+=("$name: ended with code $status before it could report") ||
            problems+=("$name: not built; is it in Pltfrms.Iam.sln?")
        return
    fi
    local project_failed project_total
    project_failed=$(counter failed "$results")
    project_total=$(counter total "$results")
    passed=$((passed + $(counter passed "$results")))
    failed=$((failed + project_failed))
    skipped=$((skipped + project_total - $(counter executed "$results")))
    while read -r test; do
        problems+=("$name: $test")
    done < <(sed -n 's/.*<UnitTestResult .*testName="\([^"]*\)".* outcome="Failed".*/\1/p' "$results" | sed 's/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g')
    [ "$project_total" -gt 0 ] || problems+=("$name: has no test")
    if [ "$status" -ne 0 ] && [ "$project_failed" -eq 0 ]; then
        problems+=("$name: ended with code $status, though no test failed")
    fi
}

step "Tools"
command -v dotnet >/dev/null || give_up "Missing: the .NET SDK of global.json"
dotnet --version >"$work/sdk.log" 2>&1 || { cat "$work/sdk.log"; give_up "Missing: the .NET SDK of global.json"; }
if ! prepare_postgres; then
    [ "${CI:-}" != true ] || give_up "PostgreSQL is missing"
    echo "Going on without: the tests that need it are skipped."
fi
prepare_buf || give_up "buf is missing"
prepare_jq || give_up "jq is missing"
prepare_node_tests || give_up "npm's packages for the tests are missing"
if ! has_chromium && ! install "a browser for the tests of the pages" chromium; then
    [ "${CI:-}" != true ] || give_up "chromium is missing"
    echo "Going on without: the tests that need it are skipped."
fi
echo "dotnet $(cat "$work/sdk.log"), buf $buf_version"

step "Build"
build || give_up "The build failed"

step "Layout of the sources"
dotnet format whitespace . --folder --verify-no-changes --include services/ clients/ samples/ tests/ benchmarks/ || problems+=("dotnet format whitespace")

step "Contracts"
"$buf" lint || problems+=("buf lint")
check_compatibility || problems+=("buf breaking")

step "Tests"
# Two at once, the longest first: they wait for databases, browsers and processes of theirs more than they compute.
mapfile -t projects < <(test_projects)
for name in "${projects[@]}"; do
    [ "$(jobs -rp | wc -l)" -lt 2 ] || wait -n || true
    run_tests "$name" &
done
wait
for name in "${projects[@]}"; do
    count_tests "$name"
done

step "Benchmarks: does the short profile run"
engine=sqlite
! has_postgres || engine=postgres
if timeout --kill-after=30 "$test_timeout" benchmarks/run.sh --quick --engine $engine --built "$configuration" --out "$work/benchmarks" >"$work/benchmarks.log" 2>&1; then
    echo "It does: $(ls "$work/benchmarks" | tr '\n' ' ')"
else
    cat "$work/benchmarks.log"
    problems+=("benchmarks/run.sh --quick")
fi
if [ "${CI:-}" = true ] && [ "$skipped" -gt 0 ]; then
    problems+=("$skipped tests were skipped, which CI does not allow")
fi
finish
