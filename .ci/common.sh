# Shared by .ci/run and .ci/full: sections, what they need, and the count at the end. Sourced, never run by itself.
# shellcheck shell=bash

export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never}
logs=target/ci
mkdir -p "$logs"
results=() # one line a section: its end, its title
absent=()  # what was looked for and not found, and what that means
passed=0 failed=0 counted=yes

note_absent() { absent+=("$1"); printf 'ABSENT: %s\n' "$1"; }

# section TITLE COMMAND…: runs it with its own `set -e` and without input; a failure ends the section, not the run.
# Status 77 from the command says that it could not run.
section() {
    local title=$1 status start=$SECONDS
    shift
    printf '\n==> %s\n' "$title"
    set +e
    (set -e; "$@") </dev/null
    status=$?
    set -e
    case $status in
        0) results+=("passed   $title ($((SECONDS - start)) s)") ;;
        77) results+=("not run  $title") ;;
        *) results+=("FAILED   $title (status $status)") ;;
    esac
}

# counted_tests COMMAND…: a section body whose `test result:` lines go into the sum.
counted_tests() { "$@" 2>&1 | tee "$logs/tests.log"; }

add_counts() {
    local sums
    if ! grep -q '^test result:' "$logs/tests.log" 2>/dev/null || grep -q '^error: could not compile' "$logs/tests.log"; then
        counted=no
        return
    fi
    sums=$(awk '/^test result:/ { for (i = 1; i < NF; i++) { if ($(i + 1) == "passed;") p += $i; if ($(i + 1) == "failed;") f += $i } }
        END { print p + 0, f + 0 }' "$logs/tests.log")
    passed=$((passed + ${sums% *}))
    failed=$((failed + ${sums#* }))
}

# at_least_one COMMAND…: a filtered test run that matches no test has checked nothing.
at_least_one() {
    "$@" 2>&1 | tee "$logs/filtered.log"
    grep -qE '^test result: .* [1-9][0-9]* passed;' "$logs/filtered.log" || { echo 'no such test'; return 77; }
}

# ---- what the sections need ------------------------------------------------------------------------------------

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo -n "$@"; else return 1; fi
}

apt_updated=no
apt_install() {
    command -v apt-get >/dev/null || return 1
    if [ $apt_updated = no ]; then as_root apt-get update -qq </dev/null || return 1; fi
    apt_updated=yes
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" </dev/null >/dev/null
}

# need COMMAND PACKAGE WHAT: installs PACKAGE where COMMAND is missing.
need() {
    command -v "$1" >/dev/null || apt_install "$2" || true
    command -v "$1" >/dev/null || note_absent "$1: $3"
}

has_lxml() { python3 -c 'import lxml.etree' 2>/dev/null; }

# The oracle runs under the python3 of the path, which need not be the one that packages are installed for.
need_lxml() {
    if has_lxml; then return; fi
    if [ "$(command -v python3)" = /usr/bin/python3 ]; then apt_install python3-lxml || true; fi
    if has_lxml; then return; fi
    if [ ! -x "$logs/python/bin/python3" ]; then python3 -m venv "$logs/python" || true; fi
    PATH=$PWD/$logs/python/bin:$PATH
    has_lxml || python3 -m pip install --quiet --disable-pip-version-check lxml </dev/null || true
    has_lxml || note_absent 'lxml: the XML oracle cannot be compared with'
}

has_fuzz() { cargo fuzz --version >/dev/null 2>&1; }

need_fuzz() {
    [ -f tests/fuzz/Cargo.toml ] || return 0
    need c++ g++ 'the fuzz targets cannot be linked'
    has_fuzz || cargo install cargo-fuzz --locked --quiet </dev/null || true
    has_fuzz || note_absent 'cargo-fuzz: no fuzz target is run'
}

prepare() {
    printf '==> what the checks need\n'
    need python3 python3 'no oracle can be compared with'
    need openssl openssl 'encryption cannot be compared with OpenSSL'
    need xmllint libxml2-utils 'written XML cannot be compared with libxml2'
    need_lxml
    need_fuzz
    [ -d "${OFFHOOK_SHARED:-../shared}" ] || note_absent 'the shared corpus (OFFHOOK_SHARED): its tests count as skipped'
    cargo --version
    rustc --version
}

# ---- the checks ------------------------------------------------------------------------------------------------

formatted() {
    cargo fmt --all --check
    if [ -f tests/fuzz/Cargo.toml ]; then cargo fmt --manifest-path tests/fuzz/Cargo.toml --check; fi
}

documented() { RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --locked; }

# Freshness of generated pages and of executed ones is checked by the tests whose names hold `docs`.
# They ran with all others; this names them in a section of their own, so that a stale page shows at once.
docs_fresh() { at_least_one cargo test --workspace --tests --locked docs; }

checks() {
    section 'tests' counted_tests cargo test --workspace --locked --no-fail-fast
    add_counts
    section 'formatting' formatted
    section 'clippy' cargo clippy --workspace --all-targets --locked -- -D warnings
    section 'rustdoc' documented
    section 'generated pages are fresh' docs_fresh
}

# ---- fuzz targets ----------------------------------------------------------------------------------------------

# tests/fuzz/targets.tsv: target, tab, the crates (folders of crates/) whose change makes it run, parted by blanks.
targets() { awk -F '\t' '!/^#/ && NF && $1 != "target" { print $1 }' tests/fuzz/targets.tsv; }

# The paths that differ from the branch's base, or from the previous commit on the main branch; status 1: unknown.
changed_paths() {
    local head base='' name
    head=$(git rev-parse --verify --quiet HEAD) || return 1
    for name in "${CI_BASE:-}" origin/HEAD origin/main origin/master main master; do
        if [ -n "$name" ] && base=$(git merge-base HEAD "$name" 2>/dev/null) && [ "$base" != "$head" ]; then break; fi
        base=''
    done
    if [ -z "$base" ]; then base=$(git rev-parse --verify --quiet HEAD^) || return 1; fi
    git diff --name-only "$base" || return 1
    git ls-files --others --exclude-standard
}

# The targets to smoke: those of a changed crate; all where the change is unknown or touches what all share.
changed_targets() {
    local paths target crates crate
    if ! paths=$(changed_paths) || grep -qE '^(Cargo\.(toml|lock)|\.ci/|tests/fuzz/)' <<<"$paths"; then
        targets
        return
    fi
    while IFS=$'\t' read -r target crates; do
        case $target in '' | '#'* | target) continue ;; esac
        for crate in $crates; do
            if grep -q "^crates/$crate/" <<<"$paths"; then
                echo "$target"
                break
            fi
        done
    done <tests/fuzz/targets.tsv
}

# New inputs and what crashes go to a scratch folder: a run leaves the committed seeds as they are.
# A smoke run takes the same way each time, so that a change fails for what it broke and not by luck; the long runs of
# .ci/full look for what nobody has found yet.
smoke=(-seed=1 -runs=10000)
fuzz_one() {
    local target=$1 seconds=$2 seeds=() folder fixed=()
    if [ "$seconds" -le 10 ]; then
        fixed=("${smoke[@]}")
        rm -rf "$logs/fuzz/$target"
    fi
    has_fuzz || return 77
    for folder in "tests/fuzz/seeds/$target" "tests/fuzz/corpus/$target"; do
        if [ -d "$folder" ]; then seeds+=("$PWD/$folder"); fi
    done
    mkdir -p "$logs/fuzz/$target"
    RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir tests/fuzz --target-dir target/fuzz -s none "$target" \
        "$PWD/$logs/fuzz/$target" "${seeds[@]}" -- \
        "${fixed[@]}" -max_total_time="$seconds" -rss_limit_mb=512 -timeout=5 -print_final_stats=1 \
        -artifact_prefix="$PWD/$logs/fuzz/$target-" 2>"$logs/fuzz/$target.log" || {
        tail -n 60 "$logs/fuzz/$target.log"
        return 1
    }
    grep -E '^(Done |stat::number_of_executed|stat::peak_rss|INFO: +[0-9]+ files found)' "$logs/fuzz/$target.log" || true
}

# fuzz SECONDS TARGET…
fuzz() {
    local seconds=$1 target
    shift
    for target in "$@"; do section "fuzz $target, $seconds s" fuzz_one "$target" "$seconds"; done
}

# ---- the end ---------------------------------------------------------------------------------------------------

summary() {
    local line bad=no
    printf '\n==> summary (%s s)\n' "$SECONDS"
    for line in "${results[@]}"; do
        printf '%s\n' "$line"
        case $line in FAILED*) bad=yes ;; esac
    done
    for line in "${absent[@]}"; do printf 'absent   %s\n' "$line"; done
    if [ $counted = yes ]; then printf 'tests: %s passed, %s failed\n' "$passed" "$failed"; else printf 'tests: not counted\n'; fi
    [ $bad = no ]
}
