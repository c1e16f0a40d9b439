"""Scores a table with a model file, in Python: python 03-python.py MODEL.onnx TABLE.csv.gz"""
import csv, gzip, json, os, sys
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # ONNX Runtime sends telemetry unless told before it loads
import numpy, onnxruntime

session = onnxruntime.InferenceSession(sys.argv[1])
manifest = json.loads(session.get_modelmeta().custom_metadata_map["unlikely.manifest"])
fields = manifest["schema"]["fields"]

def encode(field, text):
    known = field.get("categories")
    return (known + [text]).index(text) if known else float(text or "nan")

rows = [[encode(f, row[f["column"]]) for f in fields] for row in csv.DictReader(gzip.open(sys.argv[2], "rt"))]
for score in session.run(["score"], {"rows": numpy.array(rows)})[0].tolist():
    print(score)
