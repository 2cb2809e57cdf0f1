#!/usr/bin/env python3
"""Check corpora/adversarial.txt: marks, metadata, duplicates, and every check digit under its disguise.

Each span is folded (width, script, zero-width marks, look-alike letters, words for digits) back to the
identifier it stands for, and that identifier is checked by the rule of its label. Messages with
`label=none` must hold no span; a span under `technique=wrong-check-digit` must fail its check.

Exit status: 0 when the file is sound, 1 when anything is wrong, with one line for each fault.
Faults name the message by its number in the file and never show its text.
"""

import argparse
import collections
import pathlib
import re
import sys
import unicodedata

LABELS = frozenset(
    "PERSON USERNAME NHS_NUMBER CHI_NUMBER HSC_NUMBER NI_NUMBER MRN PROFESSIONAL_ID PASSPORT DRIVING_LICENCE "
    "VEHICLE_REGISTRATION PAYMENT_CARD BANK_ACCOUNT DEVICE_ID OTHER_ID PHONE EMAIL URL IP_ADDRESS ADDRESS POSTCODE "
    "DATE_OF_BIRTH PLACE ORGANISATION WARD_BED DATE AGE PROFESSION DEMOGRAPHIC".split()
)
ROLES = frozenset(("patient", "relative", "staff", "other"))
SETTINGS = frozenset(
    "acute gp mental_health ambulance maternity paediatrics care_home staff ed theatres itu community hospice "
    "pharmacy dental social_care admin patient_sms group_thread".split()
)
STYLES = frozenset("terse list handover sms chat transcript forwarded voice_to_text".split())

META = re.compile(r"# technique=([a-z0-9-]+) label=([A-Z_]+|none) setting=([a-z_]+) style=([a-z_]+)")
MARK = re.compile(r"\[\[([A-Z_]+)(?::([a-z]+))?\|(.*?)\]\]", re.DOTALL)
# Characters that some readers take for line ends, and braces, which mark unfilled slots elsewhere in corpora/.
FORBIDDEN = re.compile("[{}\r\v\f\x85\u2028\u2029]")

DIGIT_WORDS = {
    "zero": "0", "oh": "0", "nought": "0", "one": "1", "two": "2", "three": "3", "four": "4",
    "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "hundred": "00",
}  # fmt: skip
REPEATS = {"double": 2, "triple": 3}
LOOK_ALIKE_DIGITS = {"o": "0", "\u043e": "0", "l": "1", "i": "1", "s": "5", "b": "8"}
LOOK_ALIKE_LETTERS = {"0": "O", "1": "I", "5": "S", "8": "B"}
SPELLING_ALPHABET = {
    word: word[0].upper()
    for word in (
        "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec "
        "romeo sierra tango uniform victor whiskey xray yankee zulu"
    ).split()
}
# Telephone ranges that Ofcom keeps for drama, as national numbers.
DRAMA_PHONES = re.compile(r"07700900\d{3}|02079460\d{3}|01174960\d{3}|01632960\d{3}")
CHECK_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ+"
# A is a letter, 9 a digit, L a letter or the padding digit 9, * either.
SHAPES = {
    "NI_NUMBER": ("AA999999A",),
    "POSTCODE": ("A99AA", "A999AA", "AA99AA", "AA999AA", "A9A9AA", "AA9A9AA", "AA9"),
    "VEHICLE_REGISTRATION": ("AA99AAA", "A999AAA", "AAA999A", "AAA9999"),
    "DRIVING_LICENCE": ("LLLLL999999AL9AA",),
}


def folded(text):
    """Undo width, script, accents-as-marks on digits and zero-width characters; lower-case."""
    text = unicodedata.normalize("NFKC", text)
    kept = []
    for char in text:
        if unicodedata.category(char) in ("Cf", "Me") or char == "\ufe0f":
            continue
        value = unicodedata.decimal(char, None)
        kept.append(char if value is None else str(value))
    return "".join(kept).lower()


def digits(text):
    """The digits that a span stands for: figures, words, doubled words and look-alike letters."""
    out, times = [], 1
    for token in re.findall(r"\d|[^\W\d_]+", folded(text)):
        if token in REPEATS:
            times = REPEATS[token]
            continue
        if token in DIGIT_WORDS:
            value = DIGIT_WORDS[token]
        elif token.isdigit():
            value = token
        elif all(char in LOOK_ALIKE_DIGITS for char in token):
            value = "".join(LOOK_ALIKE_DIGITS[char] for char in token)
        else:
            value = ""
        out.append(value * times)
        times = 1
    return "".join(out)


def letters_and_digits(text):
    """The capitals and digits that a span stands for, spelled-out letters and digits read back."""
    out = []
    for token in re.findall(r"\d+|[^\W\d_]+|\+", folded(text)):
        out.append(DIGIT_WORDS.get(token) or SPELLING_ALPHABET.get(token) or token)
    return "".join(out).upper()


def fits(text, shape):
    """Whether `text` has the shape once letters that look like digits, and the reverse, are put right."""
    if len(text) != len(shape):
        return False
    for char, kind in zip(text, shape):
        as_digit = LOOK_ALIKE_DIGITS.get(char.lower(), char)
        as_letter = LOOK_ALIKE_LETTERS.get(char, char)
        digit_fits, letter_fits = as_digit in "0123456789", "A" <= as_letter <= "Z"
        if not {"9": digit_fits, "A": letter_fits, "L": letter_fits or char == "9"}[kind]:
            return False
    return True


def modulus_11(number):
    """Whether ten digits carry the right Modulus 11 check digit."""
    if len(number) != 10:
        return False
    check = (11 - sum(int(d) * (10 - i) for i, d in enumerate(number[:9])) % 11) % 11
    return check == int(number[9])


def luhn(number):
    """Whether the last digit of `number` is its Luhn check digit."""
    total = 0
    for position, char in enumerate(reversed(number)):
        value = int(char) * (1 + position % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def modulus_97(iban):
    """Whether an IBAN's two check digits are right (ISO 13616)."""
    return int("".join(str(int(char, 36)) for char in iban[4:] + iban[:4])) % 97 == 1


def modulus_37_2(text):
    """Whether the last character is the ISO 7064 MOD 37-2 check of the rest, with + for *, as EPS has it."""
    total = 0
    for char in text[:-1]:
        total = (total + CHECK_CHARACTERS.index(char)) * 2 % 37
    return (total + CHECK_CHARACTERS.index(text[-1])) % 37 == 1


def plausible_chi(number):
    """Whether ten digits begin with a day and a month and carry their check digit."""
    return modulus_11(number) and 1 <= int(number[:2]) <= 31 and 1 <= int(number[2:4]) <= 12


def drama_phone(text):
    """Whether a number is an internal one, or lies in a range kept for drama."""
    number = digits(re.split(r"\b(?:x|ext)|#", folded(text))[0])
    number = re.sub(r"^(?:00)?440?(?=[1-9])", "0", number)
    return 3 <= len(number) <= 6 or DRAMA_PHONES.fullmatch(number) is not None


def sound(label, text):
    """Whether the span is a valid identifier of its label, for the labels that have a rule."""
    number = digits(text)
    code = letters_and_digits(text)
    if label == "NHS_NUMBER":
        return number.startswith("999") and modulus_11(number)
    if label == "CHI_NUMBER":
        return plausible_chi(number)
    if label == "HSC_NUMBER":
        return modulus_11(number) and 3200000010 <= int(number) <= 3999999999
    if label == "PAYMENT_CARD":
        return len(number) in (15, 16) and luhn(number)
    if label == "BANK_ACCOUNT":
        return modulus_97(code) if code[:2].isalpha() and len(code) > 14 else len(number) in (6, 8)
    if label == "DEVICE_ID" and re.fullmatch(r"\d{15}", code):
        return luhn(code)
    if label == "OTHER_ID" and re.fullmatch(r"[0-9A-F]{6}[0-9A-Z]{6}[0-9A-F]{5}[0-9A-Z+]", code):
        return modulus_37_2(code)
    if label == "PHONE":
        return drama_phone(text)
    if label in SHAPES:
        return any(fits(code, shape) for shape in SHAPES[label])
    return True


def check_message(number, block, report):
    """Check one message; return its metadata, its bare text and the numbers it holds, or None if unreadable."""
    head, _, body = block.partition("\n")
    meta = META.fullmatch(head)
    if meta is None or not body.strip():
        report(number, "metadata line or message missing")
        return None
    technique, label, setting, style = meta.groups()
    if setting not in SETTINGS or style not in STYLES or (label != "none" and label not in LABELS):
        report(number, "unknown label, setting or style")
    if FORBIDDEN.search(body):
        report(number, "forbidden character")
    if body.startswith("#") or body != body.strip():
        report(number, "message begins with # or has outer white space")

    spans = [match.groups() for match in MARK.finditer(body)]
    outside = MARK.sub("\N{WHITE SQUARE}", body)
    if "[[" in outside or "]]" in outside:
        report(number, "unbalanced brackets")
    if (label == "none") != (not spans):
        report(number, "label=none and spans do not agree")
    if spans and label not in {name for name, _, _ in spans}:
        report(number, "no span has the label named in the metadata")

    numbers = []
    for name, role, text in spans:
        if name not in LABELS:
            report(number, f"unknown label {name}")
        if (role in ROLES) != (name == "PERSON") or (role is not None and role not in ROLES):
            report(number, f"wrong role on {name}")
        if not any(char.isalnum() or unicodedata.category(char) == "So" for char in text) or text != text.strip():
            report(number, f"empty {name} span, or white space at its ends")
        wrong_wanted = technique == "wrong-check-digit" and name == "NHS_NUMBER"
        if sound(name, text) == wrong_wanted:
            report(number, f"{name} {'passes a check it should fail' if wrong_wanted else 'fails its check'}")
        if name in ("NHS_NUMBER", "CHI_NUMBER", "HSC_NUMBER", "PAYMENT_CARD"):
            numbers.append(digits(text))
    if label != "none" and any(modulus_11(run) for run in re.findall(r"(?<!\d)\d{10}(?!\d)", folded(outside))):
        report(number, "an unmarked ten-digit number passes Modulus 11")
    return meta.groups(), MARK.sub(r"\3", body), outside, numbers


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    default = pathlib.Path(__file__).with_name("adversarial.txt")
    parser.add_argument("file", nargs="?", type=pathlib.Path, default=default, help="marked messages (default: %(default)s)")
    parser.add_argument("--least", type=int, default=330, help="fewest messages allowed (default: %(default)s)")
    parser.add_argument("--table", choices=("technique", "label", "setting", "style"), help="print counts by this field")
    args = parser.parse_args()

    faults = []

    def report(number, what):
        faults.append(f"message {number}: {what}")

    blocks = re.split(r"^---\n", args.file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    counts, spans_by_label = collections.Counter(), collections.Counter()
    seen_text, seen_frame, seen_number = {}, {}, {}
    fields = ("technique", "label", "setting", "style")
    for number, block in enumerate(blocks, 1):
        result = check_message(number, block.rstrip("\n"), report)
        if result is None:
            continue
        meta, text, frame, numbers = result
        counts[meta[fields.index(args.table or "label")]] += 1
        spans_by_label.update(match.group(1) for match in MARK.finditer(block))
        for kind, key, seen in [("text", text, seen_text), ("wording", frame, seen_frame)]:
            if key in seen:
                report(number, f"same {kind} as message {seen[key]}")
            seen[key] = number
        for value in numbers:
            if value in seen_number:
                report(number, f"same number as message {seen_number[value]}")
            seen_number[value] = number
    if len(blocks) < args.least:
        faults.append(f"only {len(blocks)} messages, {args.least} wanted")

    if args.table:
        for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            print(f"{count:5}  {name}")
    print(f"{len(blocks)} messages, {sum(spans_by_label.values())} spans, {len(faults)} faults")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
