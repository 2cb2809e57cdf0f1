// The page's functions on text, without a browser.

import assert from "node:assert/strict";
import { test } from "node:test";
import { carryOver, changes, difference, findingAt, pieces } from "../../page/text.js";
import { people } from "../../page/words.js";
import { EXAMPLES } from "../../page/examples.js";

const apply = (before, { from, to, insert }) => before.slice(0, from) + insert + before.slice(to);

test("a difference turns one text into the other and cuts no character", () => {
  const texts = ["", "a", "aa", "aaa", "bed 4", "bed 14", "bed 4, bed 4", "🙂", "🙃", "a🙂b", "a🙃b", "a🙂🙂b", "Zoë", "Zoe\u0308", "\n", "x\ny"];
  for (const before of texts) {
    for (const after of texts) {
      const edit = difference(before, after);
      assert.equal(apply(before, edit), after, JSON.stringify([before, after]));
      for (const part of [before.slice(0, edit.from), edit.insert, before.slice(edit.to)]) assert.ok(part.isWellFormed(), JSON.stringify([before, after]));
    }
  }
  assert.deepEqual(difference("bed 4", "bed 4"), { from: 5, to: 5, insert: "" });
});

test("findings move with the text around them and go where the text itself changes", () => {
  const findings = [{ start: 0, end: 3 }, { start: 8, end: 12 }];
  const before = "Tom and Anna left";
  const cases = [
    ["Tom and Anna left now", [[0, 3], [8, 12]]],
    ["Tom, and Anna left", [[0, 3], [9, 13]]],
    ["Tim and Anna left", [[8, 12]]],
    ["and Anna left", [[4, 8]]],
    ["", []],
  ];
  for (const [after, wanted] of cases) assert.deepEqual(carryOver(findings, before, after).map(({ start, end }) => [start, end]), wanted, after);
});

test("pieces make up the text, and findings out of place are left out", () => {
  const text = "Tom and Anna";
  for (const findings of [[], [{ start: 0, end: 3 }], [{ start: 0, end: 3 }, { start: 2, end: 5 }, { start: 8, end: 12 }], [{ start: 8, end: 99 }], [{ start: 4, end: 4 }]]) {
    assert.equal(pieces(text, findings).map((piece) => piece.text).join(""), text);
  }
  assert.deepEqual(pieces(text, [{ start: 8, end: 12 }]).map((piece) => piece.finding !== null), [false, true]);
  assert.equal(findingAt([{ start: 0, end: 3 }, { start: 8, end: 12 }], 12), 1);
  assert.equal(findingAt([{ start: 0, end: 3 }], 5), -1);
});

test("changes make up the safer text and mark what is new", () => {
  const cut = changes("Mrs Doris Ekwueme NHS 999 123 4004, K+ 6.4", "Mrs D.E. NHS *** *** 4004, K+ 6.4");
  assert.equal(cut.map((part) => part.text).join(""), "Mrs D.E. NHS *** *** 4004, K+ 6.4");
  assert.deepEqual(cut.filter((part) => part.changed).map((part) => part.text), ["D.E.", "***", "***"]);
  const long = "word, ".repeat(4_000);
  assert.equal(changes(`a ${long} b`, `c ${long} d`).map((part) => part.text).join(""), `c ${long} d`, "past the table's limit");
});

test("how many people are said as people say it", () => {
  assert.match(people("", { people: 1, low: 1, high: 1.2, class: "identified" }).one, /one person/);
  assert.match(people("", { people: 2.4, low: 1, high: 9, class: "likely" }).about, /^about 2 people \(most likely between 1 and 9\)$/);
  assert.match(people("", { people: 61_234, low: 12_000, high: 67_000_000, class: "remote" }).about, /^about 61,000 people \(most likely between 12,000 and 67 million\)$/);
});

test("examples hold nobody's number", () => {
  assert.equal(EXAMPLES.length, 10);
  for (const { text, title } of EXAMPLES) {
    for (const [digits] of text.matchAll(/\b\d{3} ?\d{3} ?\d{4}\b/g)) assert.match(digits, /^999/, title);
    for (const [digits] of text.matchAll(/\b0\d{4} ?\d{6}\b/g)) assert.match(digits, /^(?:07700 900|01632 960)/, title);
  }
});
