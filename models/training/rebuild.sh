#!/usr/bin/env bash
# Rebuilds models/ from an empty machine: needs Python 3.11 or later with venv, cargo, and the folder of public sets.
#
#   models/training/rebuild.sh [DATA] [WORK]
#
# DATA holds the public labelled sets (see public_sets.py); WORK is for what is made on the way, some 3 GB with the
# virtual environment. A run that was cut goes on from its last checkpoint. Two cores take about an hour and a half.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
data=${1:-$root/../shared/training}
work=${2:-$root/target/training}
seed=7
mkdir -p "$work"
cd "$here"

if [ ! -x "$work/venv/bin/python" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet --requirement requirements.txt
fi
python="$work/venv/bin/python"

# Messages: the authored ones in many variants, and the public sets.
$python generate.py --out "$work/generated.jsonl" --variants 18 --seed $seed "$root"/corpora/authored/*.txt "$root/corpora/traps.txt"
$python generate.py --out "$work/validation.jsonl" --variants 1 --seed $seed "$root/corpora/validation.txt"
$python public_sets.py --data "$data" --out "$work/public.jsonl" --seed $seed
$python vocabulary.py --size 16000 --texts "$work/generated.jsonl" "$work/public.jsonl" --out "$work/vocabulary"

# Arrays, by the program's own splitting and features.
for set in generated validation public; do
  cargo run --quiet --release --manifest-path "$root/Cargo.toml" -p presend-ner --example training_arrays -- \
    "$work/vocabulary/tokenizer.json" "$work/$set" "$work/$set.jsonl"
done

train() {
  $python train.py --data "$work/generated" "$work/public" --weights 1 0.4 --validation "$work/validation" \
    --pieces "$work/vocabulary" --seed $seed --bfloat16 "$@"
}
train --out "$work/small" --layers 0,1,2,3,4,5 --rate 1.2e-4 --steps 5200 --save-every 200
train --out "$work/tiny" --hidden 128 --depth 3 --teacher "$work/small" --rate 1e-3 --steps 5000

for model in small tiny; do
  cp "$work/vocabulary/tokenizer.json" "$root/models/$model/"
  $python export.py --run "$work/$model" --calibrate "$work/generated" --compare "$work/validation" \
    --name $model --out "$root/models/$model"
  cargo run --quiet --release --manifest-path "$root/Cargo.toml" -p presend-ner --features calibrate --example calibrate -- \
    "$root/models/$model" "$root/models/$model/tokenizer.json" "$root/corpora/validation.txt"
done
$python manifest.py
