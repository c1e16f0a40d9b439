#!/usr/bin/env bash
# What a trained model can make: rows, gaps filled, a trait added. Usage: examples/04-generate.sh [FOLDER]
set -euo pipefail
folder=${1:-example-output}
normal=packages/unlikely/sample/normal-connections.csv.gz
new=packages/unlikely/sample/new-connections.csv.gz
mkdir -p "$folder"
npx unlikely train "$normal" -o "$folder/model.onnx"

# Connections that nobody made, such as the model holds for likely.
npx unlikely generate "$folder/model.onnx" --count 1000 --seed 1 -o "$folder/made.csv"

# The way from a web page (row 0) to a datagram (row 13).
npx unlikely interpolate "$folder/model.onnx" "$new" --between 0,13 --points 5

# The new connections with implausible values replaced by what the model expects.
npx unlikely denoise "$folder/model.onnx" "$new" -o "$folder/denoised.csv"

# What makes a connection a datagram, as a direction of the codes; and all of them turned into one.
npx unlikely attribute "$folder/model.onnx" "$normal" --name udp \
  --with protocol_type=udp --without protocol_type=tcp
npx unlikely transfer "$folder/model.onnx" "$normal" --attribute udp -o "$folder/datagrams.csv"

# Where the attacks lie among the codes.
npx unlikely plot "$folder/model.onnx" "$new" --picture latent --label attack -o "$folder/map.png"
