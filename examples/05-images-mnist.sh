#!/usr/bin/env bash
# Handwritten digits of which the model has never seen a 9: does it notice one?
# Usage: examples/05-images-mnist.sh [FOLDER] [STEPS] [DATA], with MNIST as Parquet files in DATA
set -euo pipefail
folder=${1:-example-output}
steps=${2:-2000}
data=${3:-../shared/data/images}
mkdir -p "$folder"

# What do the digits from 0 to 8 look like? The 9 are left out.
npx unlikely train "$data/mnist_train.parquet" --normal 0,1,2,3,4,5,6,7,8 \
  --steps "$steps" -o "$folder/digits.onnx"

# Are the 9 told from the other digits of the test images?
npx unlikely evaluate "$folder/digits.onnx" "$data/mnist_test.parquet" --no-baselines

# The least and the most likely ones: original, what the model expects, and where the score comes from.
npx unlikely report "$folder/digits.onnx" "$data/mnist_test.parquet" \
  --gallery "$folder/digits" -o "$folder/digits.html"
