#!/usr/bin/env bash
# A plain autoencoder beside the variational one, on the same digits.
# Usage: examples/07-images-autoencoder.sh [FOLDER] [STEPS] [DATA], with MNIST as Parquet files in DATA
set -euo pipefail
folder=${1:-example-output}
steps=${2:-2000}
data=${3:-../shared/data/images}
mkdir -p "$folder"

# The same images, steps and score: the squared error of what each reconstructs.
for model in autoencoder variational; do
  echo "{ \"model\": \"$model\", \"score\": \"reconstruction-error\" }" > "$folder/$model.json"
  npx unlikely train "$data/mnist_train.parquet" --normal 0,1,2,3,4,5,6,7,8 \
    --steps "$steps" --config "$folder/$model.json" -o "$folder/$model.onnx"
  echo "$model:"
  npx unlikely evaluate "$folder/$model.onnx" "$data/mnist_test.parquet" --no-baselines
done
