"""Tests of generate.py: run `python -m unittest` in this folder."""

from __future__ import annotations

import random
import re
import tempfile
import unittest
from pathlib import Path
from typing import Any

import generate
import values

CORPUS = """\
# setting=acute style=list voice=a
Mrs [[PERSON:patient|Grace Okafor]] NHS [[NHS_NUMBER|{nhs}]], DOB [[DATE_OF_BIRTH|14/02/1937]], [[WARD_BED|ward 7 bed 12]]
[[PERSON:patient|Okafor]]'s son [[PERSON:relative|Chidi]] rang from [[PLACE|Leeds]], tel [[PHONE|{mobile}]]
seen by Dr [[PERSON:staff|M. de Souza]] and [[PERSON:staff|priya]]; [[PERSON:patient|grace]] keen to go, initials [[PERSON:patient|G.O.]]
---
# setting=ed style=terse voice=b
Colles on the left, wells 4.5, lot 7719402286. Backslab then fracture clinic please
---
# setting=gp style=voice_to_text voice=c
please ring [[PERSON:patient|S T O B B A R T]] on [[PHONE|{landline}]] card [[PAYMENT_CARD|{card}]] iban [[BANK_ACCOUNT|{iban}]]
---
# setting=gp style=terse voice=d
no identifiers in this one either. It is only about the printer
"""
LISTS = values.Lists.load()


def people(*texts: str, seed: int = 1) -> list[str]:
    """Renames the names of one message."""
    segments = [generate.Segment(text, "PERSON", "patient") for text in texts]
    generate.People(LISTS, random.Random(seed)).rename_all(segments)
    return [part.text for part in segments]


class Examples(unittest.TestCase):
    """What the generator writes as a whole."""

    messages: list[generate.Message]
    made: list[dict[str, Any]]

    @classmethod
    def setUpClass(cls) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "tiny.txt"
            path.write_text(CORPUS, encoding="utf-8")
            cls.messages = generate.read_corpus(path)
            cls.made = list(generate.examples([path], 150, "7", LISTS))

    def test_a_variant_follows_from_seed_source_and_number_alone(self) -> None:
        by_key = {(made["source"], made["variant"]): made for made in self.made}
        for at, variant in ((2, 33), (0, 5), (0, 140), (1, 7)):
            again = generate.example(self.messages, at, variant, "7", LISTS)
            found = by_key.get((self.messages[at].source, variant))
            self.assertTrue(found is None or found == again)
        self.assertNotEqual(generate.example(self.messages, 0, 5, "7", LISTS), generate.example(self.messages, 0, 5, "8", LISTS))

    def test_offsets_are_exact(self) -> None:
        self.assertGreater(len(self.made), 300)
        for made in self.made:
            self.assertEqual(generate.faults(made), [])

    def test_the_message_as_written_comes_first(self) -> None:
        first = next(made for made in self.made if made["source"] == "tiny:1")
        spans = [first["text"][entity["start"] : entity["end"]] for entity in first["entities"]]
        self.assertEqual((first["variant"], spans[0], spans[-1]), (0, "Grace Okafor", "G.O."))
        self.assertNotIn("{", first["text"])

    def test_clean_messages_stay_clean(self) -> None:
        for made in self.made:
            if made["source"] in {"tiny:2", "tiny:4"}:
                self.assertEqual(made["entities"], [])

    def test_no_number_could_be_a_patients(self) -> None:
        for made in self.made:
            for entity in made["entities"]:
                plain = re.sub(r"\D", "", made["text"][entity["start"] : entity["end"]])
                if entity["label"] == "NHS_NUMBER" and len(plain) == 10:
                    self.assertTrue(plain.startswith("999"))
                if entity["label"] == "PHONE" and len(plain) >= 10:
                    self.assertTrue(any(drama in plain for drama in ["7700900", *values.LANDLINES]))


class Names(unittest.TestCase):
    """How people are renamed."""

    def test_a_name_is_the_same_wherever_it_stands(self) -> None:
        for seed in range(200):
            full, surname, given, lower = people("Amina Hassan", "Hassan", "Amina", "hassan", seed=seed)
            self.assertEqual(lower, surname.lower())
            self.assertIn(full, {f"{given} {surname}", f"{surname} {given}", f"{surname}, {given}"})
            self.assertNotIn("Hassan", full)

    def test_initials_follow(self) -> None:
        for seed in range(100):
            full, short, pair = people("Grace Okafor", "G. Okafor", "G.O.", seed=seed)
            self.assertEqual(len(pair), 4)
            self.assertEqual(short.split(". ")[1] in full, True)
            self.assertIn(short[0], {word[0] for word in re.split(r"[ ,-]+", full)})

    def test_form_and_case_are_kept(self) -> None:
        self.assertRegex(people("S T O B B A R T")[0], r"^\w( \w)+$")
        self.assertRegex(people("D. Eckersley")[0], r"^\w\. \w")
        self.assertTrue(people("mcilwraith")[0].islower())
        self.assertTrue(people("MCALLISTER")[0].isupper())
        self.assertIn(", ", people("DEWHURST, Beryl")[0])
        self.assertEqual(people("romeo echo zulu alpha"), ["romeo echo zulu alpha"])

    def test_every_group_has_enough_names(self) -> None:
        for group, kinds in LISTS.names.items():
            for kind, names in kinds.items():
                self.assertGreaterEqual(len(set(names)), 120, f"{group} {kind}")


class Values(unittest.TestCase):
    """Slots and fresh values."""

    def test_slots_are_valid(self) -> None:
        rng = random.Random(3)
        for _ in range(300):
            for name in ("nhs", "nhsraw", "chi", "hsc"):
                number = re.sub(r"\D", "", values.slot(name, rng))
                self.assertEqual((len(number), values.check_digit(number[:9])), (10, int(number[9])))
            self.assertTrue(values.slot("nhsraw", rng).startswith("999"))
            card = re.sub(r"\D", "", values.slot("card", rng))
            doubled = [int(c) * (1 + at % 2) for at, c in enumerate(reversed(card))]
            self.assertEqual(sum(n - 9 * (n > 9) for n in doubled) % 10, 0)
            iban = values.slot("iban", rng).replace(" ", "")
            self.assertEqual(int("".join(str(int(c, 36)) for c in iban[4:] + iban[:4])) % 97, 1)
            self.assertRegex(values.slot("mobile", rng).replace("(0)", ""), r"^(?:0|\+?44|0044)\D*7\D*7\D*0\D*0\D*9\D*0\D*0")

    def test_known_check_digits(self) -> None:
        self.assertEqual(values.check_digit("943476591"), 9)  # 943 476 5919, the NHS Data Dictionary's example

    def test_ten_digits_never_become_an_nhs_number(self) -> None:
        rng = random.Random(4)
        for _ in range(500):
            plain = values.redraw("7719402286", rng)
            self.assertNotEqual(values.check_digit(plain[:9]), int(plain[9]))

    def test_shapes_are_kept(self) -> None:
        rng = random.Random(5)
        for _ in range(200):
            self.assertRegex(values.new_date("14.02.1937", rng, True, False), r"^\d\d\.\d\d\.(?:19|20)\d\d$")
            self.assertRegex(values.new_date("3rd march", rng, False, False), r"^\d+(?:st|nd|rd|th) [a-z]{3,}$")
            self.assertRegex(values.new_postcode("ls1 4ab", rng), r"^[a-z]{1,2}\d \d[a-z]{2}$")
            self.assertRegex(values.new_age("6/52 old", "", rng, False), r"^\d+/52 old$")
            self.assertRegex(values.new_ward("ward 7B bed 12", LISTS, rng), r"^ward \d+[A-Z] bed \d+$")
            self.assertRegex(values.new_organisation("Fernlea Surgery", LISTS, rng), r"^\S.* Surgery$")
            self.assertRegex(values.new_plate("wx14 kld", rng), r"^[a-z]{2}\d\d [a-z]{3}$")


if __name__ == "__main__":
    unittest.main()
