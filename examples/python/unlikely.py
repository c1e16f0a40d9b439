"""Scores records with a model file of Unlikely, in Python: one file that needs numpy and onnxruntime.

    model = unlikely.load("model.onnx")
    model.score([{"amount": 12.5, "country": "NO"}])     # an array; of a pandas.DataFrame, too
    model.predict(records, false_positive_rate=0.01)     # score, standard_error, p_value, is_anomaly
    model.explain(records)                               # what each field has to do with the score

`python unlikely.py MODEL.onnx TABLE.csv[.gz]` prints the scores of a table. Types are the model's and not those of the
record: 1, "1" and True are one number. A date counts by its own clock.
"""

from __future__ import annotations

import base64
import csv
import functools
import gzip
import hashlib
import itertools
import json
import math
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

# ONNX Runtime sends telemetry unless told before it loads.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime

# As packages/data/conformance/encoding.json has them.
NUMBER = re.compile(
    r"^[ \t\n\v\f\r]*(\+?-?)(?:([0-9]+(?:_[0-9]+)*(?:\.(?:[0-9]+(?:_[0-9]+)*)?)?|\.[0-9]+(?:_[0-9]+)*)"
    r"([eE][+-]?[0-9]+(?:_[0-9]+)*)?|([iI][nN][fF](?:[iI][nN][iI][tT][yY])?)"
    r"|([nN][aA][nN](?:\([A-Za-z0-9_]*\))?))[ \t\n\v\f\r]*$"
)
TIMESTAMP = re.compile(
    r"^[ \t\n\v\f\r]*(-?)([0-9]+)([ \-/\\])([0-9]{1,2})\3([0-9]{1,2})(?![0-9])([ \t\n\v\f\r]\([bB][cC]\))?"
    r"(?:([ T]?[ \t\n\v\f\r]*)([0-9]{1,9}):(?:([0-9]{1,2})(?::(?:([0-9]{1,2})(?:\.([0-9]*))?"
    r"(?:(?:Z|[+\-][0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2})?)?| (?:[uU][tT][cC])?)[ \t\n\v\f\r]*)?)?)?)?)?$"
)
MISSING_VALUES = ("", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "NULL", "null", "?")

NAMED_MOMENT = re.compile(r"[ \t\n\v\f\r]*-?(epoch|inf|infinity)[ \t\n\v\f\r]*", re.IGNORECASE | re.ASCII)
BLANKS = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
TRUTH = {"false": False, "0": False, "true": True, "1": True}
EXPECTED = {"numeric": "a number", "count": "a number", "cyclic": "a time"}
MICROS_PER_DAY, MOST_MICROS = 86_400_000_000, 9.223372e18
# The calendar repeats itself after 400 years, and `date` has those from 2000 on.
DAYS_OF_ERA, START_OF_ERA, DAY_0 = 146_097, date(2000, 1, 1).toordinal(), date(1970, 1, 1).toordinal()
DETAILS = ("score", "standard_error", "contribution", "latent_share", "usual_share", "expected", "lower", "upper")


class UnlikelyError(ValueError):
    """Says what was expected and what came; `code` is as in the library."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Predictions(NamedTuple):
    """Arrays [records]: the score and its standard error in nats (NaN where one draw was taken), the share of normal
    rows that score at least as high (1 without calibration), and whether the score is above the threshold."""

    score: np.ndarray
    standard_error: np.ndarray
    p_value: np.ndarray
    is_anomaly: np.ndarray


def load(path: str | os.PathLike[str]) -> Model:
    """Reads a model of tables. Raises OSError, UnlikelyError `model/corrupt`, `model/foreign`, `model/too-new`."""
    contents = Path(path).read_bytes()
    options = onnxruntime.SessionOptions()
    # Several threads may add in another order.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(contents, options, providers=["CPUExecutionProvider"])
    except Exception as cause:
        raise UnlikelyError("model/corrupt", f"expected a whole model file, got a damaged one: {cause}") from cause
    metadata = session.get_modelmeta().custom_metadata_map
    manifest = json.loads(metadata.get("unlikely.manifest", '{"kind": ""}'))
    if (version := manifest.get("formatVersion", 1)) > 2:
        raise UnlikelyError("model/too-new", f"expected a model file of version 2, got version {version}")
    # Models of format 1 do not say that they are of tables.
    if manifest.get("kind", "table") != "table":
        raise UnlikelyError("model/foreign", "expected a model of tables, got another ONNX file")
    checksum = metadata.get("unlikely.checksum", "none")
    if hashlib.sha256(contents.replace(checksum.encode(), b"0" * 64)).hexdigest() != checksum:
        message = "expected a whole model file, got a damaged one: its checksum does not fit its contents"
        raise UnlikelyError("model/corrupt", message)
    return Model(session, manifest)


class Model:
    """A model of tables, made by `load`; `calibration` has scores of normal rows that training did not see, ascending.

    `records` are an iterable of mappings from column to value, or a pandas.DataFrame. Whatever takes them raises
    UnlikelyError `data/missing-column` for a record without a key whose column had a value in every training row
    (None says that there is none), `data/retyped-column` for a value that its column cannot hold.
    """

    def __init__(self, session: onnxruntime.InferenceSession, manifest: dict[str, Any]) -> None:
        self._session, self.manifest = session, manifest
        self.calibration = np.frombuffer(base64.b64decode(manifest["calibration"]["full"]), "<f8")
        self._fields = manifest["schema"]["fields"]
        self._encode = record_encoder(manifest["schema"])
        configuration = manifest["configuration"]
        self._has_error = configuration["members"] * max(1, configuration["samples"]) > 1

    def score(self, records: Any) -> np.ndarray:
        """Float64 [records] in nats, higher for less likely ones: the same bits whatever comes with a record."""
        return self.predict(records, threshold=math.inf).score

    def predict(
        self, records: Any, *, false_positive_rate: float | None = None, threshold: float | None = None
    ) -> Predictions:
        """Scores, and which records are anomalies by a rate, or by a threshold in its place. Default: a rate of 0.01,
        or as little as the calibration can promise. Raises as `threshold`, too."""
        if threshold is None:
            usual = max(0.01, 1 / (len(self.calibration) + 1))
            threshold = self.threshold(usual if false_positive_rate is None else false_positive_rate)
        parts = [self._run(rows, DETAILS[:2]) for _, _, rows in self._groups(records)]
        score, error = (np.concatenate([np.empty(0), *(part[name] for part in parts)]) for name in DETAILS[:2])
        return Predictions(score, error, self.p_values(score), score > threshold)

    def p_values(self, scores: Any) -> np.ndarray:
        """(1 + calibration scores that are at least as high) / (1 + calibration scores), of each score."""
        if np.isnan(scores).any():
            raise UnlikelyError("calibrate/invalid-input", "expected numbers, got NaN as score")
        count = len(self.calibration)
        return (1 + count - np.searchsorted(self.calibration, scores, side="left")) / (count + 1)

    def threshold(self, false_positive_rate: float) -> float:
        """The score above which a row is an anomaly, so that of normal rows at most this share is. Raises
        UnlikelyError `detect/uncalibrated`, `calibrate/invalid-input`, `calibrate/too-few`."""
        rate, count = false_positive_rate, len(self.calibration)
        if count == 0:
            raise UnlikelyError("detect/uncalibrated", "this model has no calibration")
        if not 0 < rate < 1:
            raise UnlikelyError("calibrate/invalid-input", f"expected a rate between 0 and 1, got {rate}")
        # The greatest r with r / (count + 1) <= rate, in the arithmetic of the p-values themselves.
        rank = math.floor(rate * (count + 1)) + 1
        while rank / (count + 1) > rate:
            rank -= 1
        if rank == 0:
            needed = f"expected at least {math.ceil(1 / rate) - 1} calibration rows"
            raise UnlikelyError("calibrate/too-few", f"{needed} for a false positive rate of {rate}, got {count}")
        return float(self.calibration[count - rank])

    def explain(self, records: Any) -> list[dict[str, Any]]:
        """Why each record gets its score, by up to 24 further scores each, as dicts.

        They have `row`, `score`, `standard_error`, `p_value`, and what adds up to the score: `latent` (share of its
        code), `usual` (what a normal row has, too) and the `contribution` of all `features`. Of these, by falling
        contribution, there are `field`, `column`, `value` (None where missing), `expected` by the other values (None
        for no known category), and the ends `lower` and `upper` of the 90 % interval (None but for numbers). Of times
        the hour is 0 to 23, the weekday 0 (Monday) to 6, the month 0 (January) to 11.
        """
        return [
            self._explanation(first + at, record, rows[at : at + 1])
            for first, group, rows in self._groups(records)
            for at, record in enumerate(group)
        ]

    def _explanation(self, number: int, record: Mapping[str, Any], row: np.ndarray) -> dict[str, Any]:
        """Three times leaves out the field of the largest drop of the score; `attribution.ts` says why."""
        whole = left = self._run(row, DETAILS)
        rest, taken = row, {}
        for _ in range(3):
            beyond = left["contribution"][0] - self._neutral
            fields = [at for at in np.argsort(-beyond, kind="stable") if not np.isnan(rest[0, at])][:8]
            if not fields:
                break
            tries = np.repeat(rest, len(fields), axis=0)
            tries[range(len(fields)), fields] = np.nan
            found = self._run(tries, DETAILS)
            best = int(found["score"].argmin())
            drop = left["score"][0] - found["score"][best]
            if drop <= 0:
                break
            left, rest = {name: values[[best]] for name, values in found.items()}, tries[[best]]
            taken[fields[best]] = (drop, left)
        features = []
        for at, field in enumerate(self._fields):
            contribution, source = taken.get(at, (left["contribution"][0, at] - self._neutral[at], left))
            value: Any = None if np.isnan(row[0, at]) else float(row[0, at])
            expected: Any
            expected, *interval = (float(source[name][0, at]) for name in ("expected", "lower", "upper"))
            if "categories" in field:
                names: dict[float, str] = dict(enumerate(field["categories"]))
                value = None if value is None else names.get(value, _text(_plain(record[field["column"]])))
                expected = names.get(expected)
            lower, upper = interval if field["kind"] in ("numeric", "count") else (None, None)
            feature = {"field": field["name"], "column": field["column"], "value": value, "expected": expected}
            features.append({**feature, "lower": lower, "upper": upper, "contribution": float(contribution)})
        return {
            "row": number,
            "score": float(whole["score"][0]),
            "standard_error": float(whole["standard_error"][0]),
            "p_value": float(self.p_values(whole["score"])[0]),
            "latent": float(left["latent_share"][0]),
            "usual": float(left["usual_share"][0] + self._neutral.sum()),
            "features": sorted(features, key=lambda feature: -feature["contribution"]),
        }

    @functools.cached_property
    def _neutral(self) -> np.ndarray:
        """What a missing value contributes, [fields]; scores that weigh evidence have it in `usual_share`."""
        if self.manifest["configuration"]["score"] in ("combined", "robust"):
            return np.zeros(len(self._fields))
        return self._run(np.full((1, len(self._fields)), np.nan), DETAILS)["contribution"][0].astype(float)

    def _groups(self, records: Any) -> Iterator[tuple[int, list[Mapping[str, Any]], np.ndarray]]:
        """Some records at a time: the number of the first, the records, the encoded rows float64 [rows, fields]."""
        iterator, first = iter(_records(records)), 0
        while group := list(itertools.islice(iterator, 256)):
            yield first, group, np.array([self._encode(record, first + at) for at, record in enumerate(group)])
            first += len(group)

    def _run(self, rows: np.ndarray, names: tuple[str, ...]) -> dict[str, np.ndarray]:
        """Runs the program in blocks of 16 rows or a multiple, the last one filled up: in these each row gets the same
        bits, while kernels may add in another order for another number of rows."""
        size = 16 if len(rows) <= 32 else 64
        parts = []
        for start in range(0, len(rows), size):
            part = rows[start : start + size]
            block = np.zeros((size, rows.shape[1]))
            block[: len(part)] = part
            parts.append([found[: len(part)] for found in self._session.run(names, {"rows": block})])
        joined = {name: np.concatenate(found) for name, found in zip(names, zip(*parts))}
        if not np.isfinite(joined["score"]).all():
            raise UnlikelyError("model/corrupt", "expected finite scores from the model: its weights are out of range")
        if not self._has_error:
            joined["standard_error"].fill(np.nan)
        return joined


def record_encoder(schema: Mapping[str, Any]) -> Callable[[Mapping[str, Any], int], list[float]]:
    """What makes the numbers of a record, one for each field, NaN where missing, by the definition of
    packages/data/src/table/encode.ts. Its second argument is the number of the record, for the error."""
    missing = frozenset(schema.get("missingValues", MISSING_VALUES))
    readers = [(field, field["column"], _field_reader(field)) for field in schema["fields"]]

    def encode(record: Mapping[str, Any], number: int) -> list[float]:
        row = []
        for field, column, read in readers:
            if column not in record and field["missing"] == 0:
                keys = f"record {number} has {', '.join(map(str, itertools.islice(record, 30))) or 'none'}"
                raise UnlikelyError("data/missing-column", f'expected the key "{column}", but {keys}')
            value = _plain(record.get(column))
            if isinstance(value, str) and (value in missing or value.strip(BLANKS) in missing):
                value = None
            encoded = math.nan if value is None else read(value)
            if encoded is None:
                expected = f'expected {EXPECTED.get(field["kind"], "a category")} in every row of column "{column}"'
                raise UnlikelyError("data/retyped-column", f"{expected}, but it holds {_shown(value)} in row {number}")
            row.append(encoded)
        return row

    return encode


def _records(records: Any) -> Iterable[Mapping[str, Any]]:
    if isinstance(records, (str, Mapping)):
        raise UnlikelyError("detect/input", f"expected an iterable of records, got a {type(records).__name__}")
    if not hasattr(records, "iloc"):
        return records
    parts = (records.iloc[start : start + 256].astype(object) for start in range(0, len(records), 256))
    return (record for part in parts for record in part.to_dict("records"))


def _plain(value: Any) -> Any:
    """A text, number or truth value, of dates their text; None where missing; anything else as it came."""
    if type(value) in (str, int, bool):
        return value
    if isinstance(value, np.generic):
        value = (value.astype("M8[us]") if isinstance(value, np.datetime64) else value).item()
    if isinstance(value, (float, Decimal, date)):
        # What is not itself is no number and no date.
        return None if value != value else value.isoformat() if isinstance(value, date) else float(value)
    return None if type(value).__name__ == "NAType" else value


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(f"{value[:40]}…" if len(value) > 40 else value, ensure_ascii=False)
    return _text(value) or ("a list" if isinstance(value, (list, tuple)) else "an object")


def _field_reader(field: Mapping[str, Any]) -> Callable[[Any], float | None]:
    """What makes the number of a value that is present; None where the field cannot hold it."""
    if field["kind"] in ("numeric", "count"):
        # Infinity is no number to calculate with.
        ends: dict[float | None, float] = {math.inf: sys.float_info.max, -math.inf: -sys.float_info.max}
        return lambda value: ends.get(number := _number(value), number)
    if field["kind"] == "cyclic":
        return lambda value: None if (moment := _moment(value)) is None else _part(field["part"], *moment)
    categories: list[str] = field["categories"]
    key: Callable[[Any], Any] = _text
    lower = {category.lower() for category in categories}
    numbers = [_number(category) for category in categories]
    if [_text(number) for number in numbers if number is not None and math.isfinite(number)] == categories:
        key = _number
    elif len(lower) == len(categories) and lower <= {"true", "false"}:
        key = lambda value: TRUTH.get(str(_text(value)).lower())
    indices = {key(category): index for index, category in enumerate(categories)}
    return lambda value: None if _text(value) is None else indices.get(key(value), len(categories))


def _text(value: Any) -> str | None:
    """The text by which categories are told apart: whole numbers without a fraction; None for lists and objects."""
    if isinstance(value, float):
        return str(int(value)) if abs(value) < 1e15 and value.is_integer() else repr(value)
    return str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, (str, int)) else None


def _number(value: Any) -> float | None:
    """The number that a value stands for, NaN and infinities among them; None where it is none."""
    if isinstance(value, (int, float)):
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    return _number_of_text(value) if isinstance(value, str) else None


@functools.lru_cache(maxsize=4096)
def _number_of_text(text: str) -> float | None:
    if (found := NUMBER.fullmatch(text)) is None:
        return None
    sign, mantissa, exponent, infinity, _ = found.groups()
    size = mantissa + (exponent or "") if mantissa else "inf" if infinity else "nan"
    return float(size.replace("_", "")) * (-1 if sign.endswith("-") else 1)


def _moment(value: Any) -> tuple[float, float] | None:
    """Days from 1970-01-01 and microseconds from midnight, NaN for what has no parts; None where it is no moment."""
    moment = _timestamp(value) if isinstance(value, str) else None
    if moment is not None or isinstance(value, bool) or (number := _number(value)) is None:
        return moment
    # Unix time in seconds, milliseconds, microseconds or nanoseconds, by its size.
    size = abs(number)
    scaled = number * (1e6 if size < 1e11 else 1e3 if size < 1e14 else 1) if size < 1e17 else number / 1e3
    return divmod(round(scaled), MICROS_PER_DAY) if abs(scaled) < MOST_MICROS else None


@functools.lru_cache(maxsize=1024)
def _timestamp(text: str) -> tuple[float, float] | None:
    if (found := TIMESTAMP.fullmatch(text)) is None:
        named = NAMED_MOMENT.fullmatch(text)
        return None if named is None else (0, 0) if named[1].lower() == "epoch" else (math.nan, math.nan)
    minus, digits, _, month, day, before, _, *clock, fraction = found.groups()
    # Years of more digits lie beyond the last moment.
    if len(digits.lstrip("0")) > 6 or (before and (minus or int(digits) == 0)):
        return None
    era, year = divmod((1 - int(digits) if before else int(minus + digits)) - 2000, 400)
    hour, minute, second = (int(part or 0) for part in clock)
    try:
        days = date(2000 + year, int(month), int(day)).toordinal() - DAY_0 + era * DAYS_OF_ERA
    except ValueError:
        return None
    micros = (hour * 3600 + minute * 60 + second) * 1_000_000 + int((fraction or "")[:6].ljust(6, "0"))
    if minute > 59 or second > 59 or micros > MICROS_PER_DAY or abs(days * MICROS_PER_DAY + micros) > MOST_MICROS:
        return None
    return (days + 1, 0) if micros == MICROS_PER_DAY else (days, micros)


def _part(part: str, days: float, micros: float) -> float:
    """A part of a moment as a whole number from 0."""
    if part == "hour" or math.isnan(days):
        return micros // 3_600_000_000
    if part == "weekday":
        # 1970-01-01 was a Thursday.
        return (days + 3) % 7
    return date.fromordinal(START_OF_ERA + int(days + DAY_0 - START_OF_ERA) % DAYS_OF_ERA).month - 1


def main(model: str, table: str) -> None:
    """Prints the scores of a table, as `unlikely score` does."""
    opened = gzip.open if table.endswith(".gz") else open
    with opened(table, "rt", encoding="utf-8-sig", newline="") as file:
        found = load(model).predict(csv.DictReader(file))
    print("row,score,standard_error,p_value,is_anomaly")
    for row, (score, error, p_value, is_anomaly) in enumerate(zip(*(values.tolist() for values in found))):
        print(row, score, "" if math.isnan(error) else error, p_value, str(is_anomaly).lower(), sep=",")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python unlikely.py MODEL.onnx TABLE.csv[.gz]")
    try:
        main(*sys.argv[1:])
    except (OSError, UnlikelyError) as error:
        sys.exit(f"error: {error}")
