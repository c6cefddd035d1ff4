# The services that `make test-services` needs: sourced by .ci/run, which has set strict mode.

readonly PATIENCE_SECONDS=90

as_root() {
    if [[ "$(id -u)" == 0 ]]; then "$@"; else sudo -n "$@"; fi
}

postgresql_answers() { psql -h 127.0.0.1 -p 5432 -U postgres -d postgres -Atqc 'SELECT 1'; }
mariadb_answers() { mariadb --protocol=tcp -h 127.0.0.1 -P 3306 -u root -e 'SELECT 1'; }
redis_answers() { [[ "$(redis-cli -h 127.0.0.1 -p 6379 ping)" == PONG ]]; }

# A broker that is up greets whoever names the protocol; an open port alone says nothing.
rabbitmq_answers() {
    timeout 5 bash -c '
        exec 3<>/dev/tcp/127.0.0.1/5672
        printf "AMQP\x00\x00\x09\x01" >&3
        [[ -n "$(head -c 8 <&3 | od -An -tx1)" ]]'
}

start_postgresql() {
    local version
    version="$(pg_lsclusters --no-header | awk '$2 == "main" {print $1; exit}')"
    as_root pg_ctlcluster --skip-systemctl-redirect "$version" main start
}

start_mariadb() {
    as_root install -d -o mysql -g mysql /run/mysqld
    as_root start-stop-daemon --start --oknodo --background --exec /usr/sbin/mariadbd
}

start_redis() { redis-server --daemonize yes --bind 127.0.0.1 --port 6379 --save "" --appendonly no; }
start_rabbitmq() { as_root rabbitmq-server -detached; }

# Start the service if it does not answer, and wait until it does.
ensure_service() {
    local name="$1" waited=0
    if "${name}_answers" >/dev/null 2>&1; then
        echo "$name answers"
        return
    fi
    echo "$name is stopped: starting it"
    "start_$name" || echo "$name: the start command failed" >&2
    until "${name}_answers" >/dev/null 2>&1; do
        if ((waited++ >= PATIENCE_SECONDS)); then
            echo "$name does not answer after $PATIENCE_SECONDS seconds" >&2
            return 1
        fi
        sleep 1
    done
    echo "$name answers after $waited seconds"
}

ensure_services() {
    local name
    for name in postgresql mariadb redis rabbitmq; do
        ensure_service "$name" || return 1
    done
}

# mysqlclient is built from source: it needs a compiler, pkg-config and the client library's headers. Screens are tested in
# a real browser, against accessibility rules that npm has; catalogues are made by gettext, pictures of the docs by Graphviz.
ensure_system_packages() {
    local missing=()
    command -v chromium >/dev/null || missing+=(chromium)
    command -v npm >/dev/null || missing+=(npm)
    command -v xgettext >/dev/null || missing+=(gettext)
    command -v dot >/dev/null || missing+=(graphviz)
    command -v cc >/dev/null || missing+=(build-essential)
    command -v pkg-config >/dev/null || missing+=(pkg-config)
    if ! { pkg-config --exists libmariadb || pkg-config --exists mysqlclient || pkg-config --exists mariadb; } 2>/dev/null; then
        missing+=(libmariadb-dev)
    fi
    if ((${#missing[@]} == 0)); then
        echo "system packages are there"
        return
    fi
    echo "installing: ${missing[*]}"
    as_root apt-get -qq update
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "${missing[@]}"
}
