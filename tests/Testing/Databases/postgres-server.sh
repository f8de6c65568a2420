# A private PostgreSQL server on 127.0.0.1, held by the process at the other end of standard input.
# usage: postgres-server.sh <bin folder> <port> [options of the server]; says "ready", then obeys "stop" and "start".
# End of input, which the owner's death causes too, stops the server and removes its files.
set -u
bin=$1 port=$2
# Test data may die with the machine: nothing is synced.
options=${3:--c shared_buffers=64MB -c fsync=off -c synchronous_commit=off -c full_page_writes=off}
cd /
folder=$(mktemp -d /tmp/iam-postgres.XXXXXX) || exit 1
log=$folder/log

clean_up() {
    "$bin/pg_ctl" --pgdata "$folder/data" --mode immediate --wait stop </dev/null >/dev/null 2>&1
    rm -rf "$folder"
}
trap clean_up EXIT
# Ctrl-C reaches the whole group; the owner decides when the server ends.
trap '' INT TERM HUP

fail() {
    echo "failed: $1: $(tail -n 3 "$log" | tr '\n' ' ')"
    exit 1
}

start() {
    "$bin/pg_ctl" --pgdata "$folder/data" --wait --timeout 60 --log "$log" start \
        -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder -c max_connections=600 $options" \
        </dev/null >/dev/null 2>&1 || fail "pg_ctl start"
}

"$bin/initdb" --pgdata "$folder/data" --username postgres --auth trust --encoding UTF8 --locale C --no-sync \
    </dev/null >"$log" 2>&1 || fail "initdb"
start
echo ready
while read -r command; do
    case $command in
        stop) "$bin/pg_ctl" --pgdata "$folder/data" --mode fast --wait stop </dev/null >/dev/null 2>&1; echo stopped ;;
        start) start; echo ready ;;
    esac
done
