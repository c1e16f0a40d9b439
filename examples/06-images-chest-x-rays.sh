#!/usr/bin/env bash
# Chest X-rays: a model of healthy lungs, and pneumonia. Usage: examples/06-images-chest-x-rays.sh [FOLDER] [STEPS] [DATA]
set -euo pipefail
folder=${1:-example-output}
steps=${2:-2000}
data=${3:-../shared/data/images}
mkdir -p "$folder"

# Only the healthy ones, by the label of the file.
npx unlikely train "$data/chest_xray_64_train.parquet" --normal normal \
  --steps "$steps" -o "$folder/lungs.onnx"

# Beside simple methods that learn from the same healthy images.
npx unlikely evaluate "$folder/lungs.onnx" "$data/chest_xray_64_test.parquet" \
  --reference "$data/chest_xray_64_train.parquet"

# A table of scores, the twenty least likely first; and the pictures.
npx unlikely score "$folder/lungs.onnx" "$data/chest_xray_64_test.parquet" \
  --alerts 20 --keep label -o "$folder/lungs.csv"
npx unlikely report "$folder/lungs.onnx" "$data/chest_xray_64_test.parquet" \
  --gallery "$folder/lungs" -o "$folder/lungs.html"
