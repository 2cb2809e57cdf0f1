#!/usr/bin/env bash
# Makes page/nhsuk/nhsuk.css of the nhsuk-frontend that package-lock.json names; with a path, writes there instead.
set -euo pipefail
cd "$(dirname "$0")"
page=../../page/nhsuk
out=${1:-$page/nhsuk.css}
node_modules/.bin/sass --style=compressed --no-source-map --no-charset --quiet-deps --load-path=node_modules "$page/nhsuk.scss" "$out"
