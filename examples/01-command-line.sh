#!/usr/bin/env bash
# From a table of normal rows to explained alerts. Usage: examples/01-command-line.sh [FOLDER]
set -euo pipefail
folder=${1:-example-output}
sample=packages/unlikely/sample
mkdir -p "$folder"

# What do normal connections look like?
npx unlikely train "$sample/normal-connections.csv.gz" -o "$folder/model.onnx"

# Which of the new ones are unlikely? The twenty most unlikely, with the reasons.
npx unlikely score "$folder/model.onnx" "$sample/new-connections.csv.gz" \
  --alerts 20 --explain 3 --keep service,attack -o "$folder/scores.csv"

# Why is row 864?
npx unlikely explain "$folder/model.onnx" "$sample/new-connections.csv.gz" --rows 864

# Here the truth is known: is the model better than simple methods?
npx unlikely evaluate "$folder/model.onnx" "$sample/new-connections.csv.gz" \
  --label attack --reference "$sample/normal-connections.csv.gz" --report "$folder/report.html"
