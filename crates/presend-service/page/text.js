// What is done with text and places in it; offsets are UTF-16 units, as in JavaScript's strings.

/** The one replacement that turns `before` into `after`: `[from, to)` of `before` becomes `insert`. */
export function difference(before, after) {
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) from += 1;
  // A surrogate pair is never cut: the server counts whole characters.
  if (from > 0 && isHigh(before.charCodeAt(from - 1))) from -= 1;
  let tail = 0;
  while (tail < shorter - from && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  if (tail > 0 && isLow(before.charCodeAt(before.length - tail))) tail -= 1;
  return { from, to: before.length - tail, insert: after.slice(from, after.length - tail) };
}

const isHigh = (unit) => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit) => unit >= 0xdc00 && unit <= 0xdfff;

/**
 * The findings of `before` in the places where they stand in `after`.
 *
 * One that the edit runs through is left out, for what stands there now was not checked.
 */
export function carryOver(findings, before, after) {
  if (before === after) return findings;
  const { from, to, insert } = difference(before, after);
  const shift = insert.length - (to - from);
  const carried = [];
  for (const finding of findings) {
    if (finding.end <= from) carried.push(finding);
    else if (finding.start >= to) carried.push({ ...finding, start: finding.start + shift, end: finding.end + shift });
  }
  return carried;
}

/** `text` cut at the findings, in order: pieces with `text` and, where one stands there, `finding`. */
export function pieces(text, findings) {
  const cut = [];
  let at = 0;
  for (const finding of findings) {
    if (finding.start < at || finding.end > text.length || finding.end <= finding.start) continue;
    if (finding.start > at) cut.push({ text: text.slice(at, finding.start), finding: null });
    cut.push({ text: text.slice(finding.start, finding.end), finding });
    at = finding.end;
  }
  if (at < text.length) cut.push({ text: text.slice(at), finding: null });
  return cut;
}

/** The place in `findings` of the one that holds the caret, or -1. */
export function findingAt(findings, caret) {
  return findings.findIndex((finding) => finding.start <= caret && caret <= finding.end);
}

/** `after` cut into pieces with `changed` told: what stands in it and not in `before`, by words. */
export function changes(before, after) {
  const words = (text) => text.match(/[\p{L}\p{N}*]+|\s+|[^\p{L}\p{N}\s*]/gu) ?? [];
  const old = words(before);
  const now = words(after);
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  const kept = new Array(now.length).fill(true);
  const rows = old.length - head - tail;
  const columns = now.length - head - tail;
  // The table below grows with the square of the message; past this the middle counts as changed as a whole.
  if (rows * columns > 4_000_000) kept.fill(false, head, head + columns);
  else markCommon(old.slice(head, head + rows), now.slice(head, head + columns), head, kept);
  const cut = [];
  now.forEach((word, index) => {
    const last = cut.at(-1);
    if (last && last.changed === !kept[index]) last.text += word;
    else cut.push({ text: word, changed: !kept[index] });
  });
  return cut;
}

/** Sets `kept` to false from `offset` on for the words of `now` that are no part of the longest common subsequence. */
function markCommon(old, now, offset, kept) {
  const width = now.length + 1;
  const longest = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] = old[i] === now[j]
        ? longest[(i + 1) * width + j + 1] + 1
        : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  let i = 0;
  let j = 0;
  while (j < now.length) {
    if (i < old.length && old[i] === now[j]) { i += 1; j += 1; }
    else if (i < old.length && longest[(i + 1) * width + j] >= longest[i * width + j + 1]) i += 1;
    else { kept[offset + j] = false; j += 1; }
  }
}
