// A stand-in for presend-service, so that the page can be worked on and tested alone: it speaks the API that the page
// uses and finds the identifiers of a few invented messages by crude patterns. It is no engine.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

const PAGE = new URL("../../page/", import.meta.url);
const POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
const TYPES = { html: "text/html; charset=utf-8", js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8", svg: "image/svg+xml", txt: "text/plain; charset=utf-8" };

const POLICIES = [
  ["direct-care", "Direct care", "A routine message to a colleague or the team about a patient they look after: the least that still finds the right record stays."],
  ["group", "Wider clinical group", "A group in which some have no part in the patient's care: the case stays, who it is goes; bed messages keep initials and bed."],
  ["social", "Social or mixed group", "A group that is not for care: clinical content with any identifier in it does not belong here and is blocked."],
  ["patient", "To the patient", "A message to the patient about themself: what they need stays, what a stranger with their phone could use goes, and nobody else is named."],
  ["outside", "Outside the organisation", "A message to another organisation, or an answer to a request for records: one handle that they can use, and nobody else's details."],
  ["teaching", "Teaching", "A case told to learn from it: the clinical story stays, people become numbers, and what narrows down who it was is made coarse."],
  ["emergency", "Emergency", "Somebody has to act at once: nothing is changed, held up or blocked; what was sent is pointed out, to be put right afterwards."],
  ["assistant", "Prompt to an assistant", "A question to an assistant: it needs the case, not the person; people become numbers, so that the answer can be read back."],
  ["publication", "Publication", "Anybody may read it: everything that was found goes, however unsure."],
  ["flag", "Flag", "Points out every identifier and changes nothing."],
  ["redact", "Redact", "Replaces every identifier by what it was."],
].map(([name, title, about]) => ({ name, title, about, guidance: ["NHS England: Using mobile messaging", "GMC: Confidentiality: good practice in handling patient information"] }));

const NAMES = "Doris Ekwueme|Alan Whitcombe|Sunita Rao-Bellis|Kofi Lartey-Dunne|Gareth Pennywell|Haruto Blackwood-Sim|Bethan Lloyd-Marsh|Idris Pemberton|Priya Thorne-Adeyemi";
const RULES = [
  ["PERSON", "patient", "direct", 0.997, "person", ["in the name dictionary", "a title stands before it"], NAMES],
  ["PERSON", "relative", "direct", 0.94, "person", ["in the name dictionary", "a word of kinship stands before it"], "Anjali|Wilma|Carys"],
  ["PERSON", "staff", "direct", 0.91, "person", ["in the name dictionary", "the language model agrees"], "Tom\\b|Imelda Crane|Okonjo-Reed"],
  ["NHS_NUMBER", null, "direct", 0.99, "nhs_number", ["ten digits that the message calls an NHS number", "Modulus 11 holds and the range is kept for tests"], "\\b999 ?\\d{3} ?\\d{4}\\b"],
  ["MRN", null, "direct", 0.97, "mrn", ["a number that the message calls a record number"], "(?<=MRN )\\d{8}"],
  ["PHONE", null, "direct", 0.95, "phone", ["a number of the UK numbering plan"], "\\b07\\d{3} \\d{6}|\\b01632 \\d{6}"],
  ["PHONE", null, "direct", 0.9, "phone", ["a bleep or an extension"], "(?<=bleep |ext )\\d{4}"],
  ["ADDRESS", null, "direct", 0.96, "address", ["a house number with its street"], "16 Harrow Lane|4 Mill Row"],
  ["POSTCODE", null, "direct", 0.99, "postcode", ["a postcode of an area that exists"], "\\b[A-Z]{2}\\d{2} \\d[A-Z]{2}\\b"],
  ["DATE_OF_BIRTH", null, "direct", 0.98, "date_of_birth", ["a date that the message calls a date of birth"], "\\b\\d{2}/\\d{2}/19\\d{2}"],
  ["WARD_BED", null, "quasi", 0.99, "ward_bed", ["a ward, bay, bed or room with its number"], "\\b(?:bed|ward|bay|resus|s/r) \\d+[A-Z]?\\b"],
  ["AGE", null, "quasi", 0.96, "age", ["a number with a word of age"], "\\b94 yo\\b|\\b34F\\b"],
  ["PROFESSION", null, "quasi", 0.88, "profession", ["in the list of occupations"], "lighthouse keeper|headteacher|primary school teacher"],
  ["PLACE", null, "quasi", 0.93, "place", ["in the list of places"], "Mousehole|Tregaron|Ludlow"],
  ["ORGANISATION", null, "quasi", 0.9, "organisation", ["a school by its name"], "St Orla's"],
  ["DATE", null, "quasi", 0.92, "date", ["a day with its month"], "3 March|12 May"],
].map(([label, role, kind, score, rule, evidence, pattern]) => ({ label, role, kind, score, rule, evidence, pattern: new RegExp(pattern, "g") }));

const PLACEHOLDERS = { PERSON: "NAME", NHS_NUMBER: "NHS NUMBER", MRN: "RECORD NUMBER", DATE_OF_BIRTH: "DATE OF BIRTH", WARD_BED: "WARD/BED", PROFESSION: "OCCUPATION" };

function choose(context) {
  if (context.audience === "publication" || context.purpose === "research") return "publication";
  if (context.purpose === "teaching") return "teaching";
  if (context.urgency === "emergency") return "emergency";
  if (context.audience === "social") return "social";
  if (context.channel === "assistant") return "assistant";
  if (context.audience === "patient") return "patient";
  if (context.audience === "outside" || context.purpose === "disclosure") return "outside";
  if (context.audience === "group" || context.purpose === "operational") return "group";
  return "direct-care";
}

/** By conversation, the number that each person has in it. */
const conversations = new Map();

/** What the policy does with a finding: action, reason, handle, replacement. */
function decide(policy, rule, word, people) {
  const taken = `[${PLACEHOLDERS[rule.label] ?? rule.label}]`;
  const initials = word.split(/[ -]/).map((part) => part[0] + ".").slice(0, 2).join("");
  if (rule.role === "staff") return ["keep", "a colleague at work, not the patient", null, word];
  if (policy === "flag" || policy === "emergency") return ["flag", policy === "flag" ? "pointed out, nothing changes" : "left in place, an emergency comes first; delete it from the chat when it is over", null, word];
  if (["teaching", "assistant"].includes(policy) && rule.role === "patient") {
    if (!people.has(word)) people.set(word, people.size + 1);
    return ["pseudonym", "people become numbers", null, `[PATIENT ${people.get(word)}]`];
  }
  if (policy !== "direct-care") return ["redact", policy === "social" ? "it does not belong in this group" : "these readers do not need it", null, taken];
  switch (rule.label) {
    case "PERSON": return ["initials", rule.role === "relative" ? "how they are related says enough; the name is in the record" : "initials are enough for a colleague who has the record", rule.role === "patient" ? "last-four-and-initials" : null, initials];
    case "NHS_NUMBER": return ["mask", "kept so that your colleague opens the right record", "last-four-and-initials", `*** *** ${word.slice(-4)}`];
    case "WARD_BED": case "AGE": return ["keep", "the team needs to know where to go", null, word];
    case "DATE_OF_BIRTH": return ["generalise", "the age says what matters clinically; the date of birth opens doors elsewhere", null, "77 y"];
    case "PHONE": return word.length <= 5 ? ["keep", "a bleep or an extension leads to a colleague", null, word] : ["flag", "is this number needed?", null, word];
    default: return ["redact", "no part of the patient's care", null, taken];
  }
}

/** The outcome of a message, of the shape of WireOutcome; a draft leaves its conversation as it was. */
export function outcome(text, context, named, conversation = null, draft = true) {
  const people = new Map(conversations.get(conversation));
  const policy = named ?? choose(context);
  const found = RULES.flatMap((rule) => [...text.matchAll(rule.pattern)].map((match) => ({ rule, start: match.index, end: match.index + match[0].length })));
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const findings = [];
  let safer = "";
  let at = 0;
  for (const { rule, start, end } of found) {
    if (start < at) continue;
    const [action, reason, handle, replacement] = decide(policy, rule, text.slice(start, end), people);
    const { label, role, kind, score, rule: name, evidence } = { ...rule, rule: rule.rule };
    findings.push({ start, end, label, role, kind, score, rule: name, evidence, action, reason, line: `${policy}:30`, handle });
    safer += text.slice(at, start) + replacement;
    at = end;
  }
  safer += text.slice(at);
  if (!draft && conversation !== null) conversations.set(conversation, people);
  const handled = findings.filter((finding) => finding.handle);
  const verdict = policy === "social" && findings.length > 0 ? "block" : safer !== text ? "minimise" : findings.some((finding) => finding.action === "flag") ? "advise" : "send";
  const direct = findings.some((finding) => finding.kind === "direct" && finding.role !== "staff" && finding.label !== "PHONE");
  const quasi = findings.filter((finding) => finding.kind === "quasi").length;
  const number = (people, low, high) => ({ people, low, high, class: people < 1.5 ? "identified" : people < 10 ? "likely" : people < 1000 ? "possible" : "remote" });
  const before = direct ? number(1, 1, 1) : quasi > 2 ? number(2.4, 1, 9) : quasi > 0 ? number(1216, 410, 3900) : number(67e6, 67e6, 67e6);
  const after = safer !== text ? number(61_000, 12_000, 310_000) : before;
  const advice = [];
  if (!context.approved && findings.length > 0 && context.audience !== "social") advice.push({ id: "channel", text: "This app is not approved for patients' data here. If an approved one works for this, use it.", line: `${policy}:122` });
  if (context.recipients?.outsiders > 0) advice.push({ id: "outsiders", text: "Somebody in this chat is outside your organisation.", line: `${policy}:132` });
  return {
    verdict, policy, model: "mock", runtime: "none", model_review: "read",
    not_looked_at: context.attachments > 0 ? ["attachments"] : [],
    offsets: "utf-16", safer_text: safer,
    preview: policy === "emergency" ? "Urgent: open at once" : "New message about a patient",
    findings,
    patients: policy === "direct-care" && handled.length > 0 ? [{ handle: "last-four-and-initials", add: [], findings: [0] }] : [],
    advice,
    identifiability: { before, after, conversation: after },
  };
}

const json = (response, status, body, type = "application/json") => {
  response.writeHead(status, { "content-type": type, "content-security-policy": POLICY, "x-content-type-options": "nosniff" });
  response.end(JSON.stringify(body));
};

async function serve(request, response) {
  const path = new URL(request.url, "http://localhost").pathname;
  if (path === "/v1/policies") return json(response, 200, POLICIES);
  if (path === "/v1/labels") return json(response, 200, RULES.map(({ label, kind }) => ({ label, kind, placeholder: label, about: label })));
  if (path === "/v1/check" && request.method === "POST") {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    let asked;
    try {
      asked = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    } catch {
      return json(response, 400, { type: "about:blank", title: "The body is not JSON", status: 400 }, "application/problem+json");
    }
    if (asked.text.length > 20_000) return json(response, 413, { type: "about:blank", title: "The message is too long", detail: "At most 20,000 bytes are checked at once.", status: 413 }, "application/problem+json");
    if (asked.override && asked.override.reason.trim() === "") return json(response, 400, { type: "about:blank", title: "The request could not be read", status: 400 }, "application/problem+json");
    return json(response, 200, outcome(asked.text, asked.context, asked.policy, asked.conversation, asked.draft === true));
  }
  const name = path === "/" ? "index.html" : path.startsWith("/page/") ? path.slice(6) : "";
  const file = { "nhsuk.css": "nhsuk/nhsuk.css", "nhsuk-licence.txt": "nhsuk/LICENCE.txt" }[name] ?? name;
  try {
    if (!/^[a-z/.A-Z-]+$/.test(file) || file.includes("..")) throw new Error("no such path");
    const bytes = await readFile(new URL(file, PAGE));
    response.writeHead(200, { "content-type": TYPES[file.split(".").at(-1)], "content-security-policy": POLICY, "cache-control": "no-store" });
    return response.end(bytes);
  } catch {
    return json(response, 404, { type: "about:blank", title: "No such path", status: 404 }, "application/problem+json");
  }
}

/** Answers one WebSocket; enough of RFC 6455 for a browser on the same machine. */
function live(request, socket) {
  const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: presend.v1\r\n\r\n`);
  let buffer = Buffer.alloc(0);
  let text = "";
  let context = {};
  let policy = null;
  let conversation = null;
  const write = (body) => {
    const bytes = Buffer.from(JSON.stringify(body));
    const head = bytes.length < 126 ? Buffer.from([0x81, bytes.length]) : bytes.length < 65_536 ? Buffer.from([0x81, 126, bytes.length >> 8, bytes.length & 255]) : null;
    if (head === null) return socket.destroy();
    return socket.write(Buffer.concat([head, bytes]));
  };
  const answer = (frame) => {
    if (frame.type === "open") ({ context, policy, conversation } = frame);
    else {
      if (frame.type === "text") text = frame.text;
      else text = text.slice(0, frame.from) + frame.insert + text.slice(frame.to);
      write({ type: "outcome", seq: frame.seq, outcome: outcome(text, context, policy, conversation) });
    }
  };
  socket.on("data", (data) => {
    buffer = Buffer.concat([buffer, data]);
    for (;;) {
      if (buffer.length < 6) return;
      const code = buffer[0] & 15;
      let length = buffer[1] & 127;
      let at = 2;
      if (length === 126) { if (buffer.length < 8) return; length = buffer.readUInt16BE(2); at = 4; }
      else if (length === 127) { if (buffer.length < 14) return; length = Number(buffer.readBigUInt64BE(2)); at = 10; }
      if (buffer.length < at + 4 + length) return;
      const mask = buffer.subarray(at, at + 4);
      const body = Buffer.from(buffer.subarray(at + 4, at + 4 + length));
      for (let i = 0; i < length; i += 1) body[i] ^= mask[i % 4];
      buffer = buffer.subarray(at + 4 + length);
      if (code === 8) return socket.end(Buffer.from([0x88, 0]));
      if (code === 1) answer(JSON.parse(body.toString("utf8")));
    }
  });
  socket.on("error", () => socket.destroy());
}

/** Starts the stand-in on loopback; gives its address and a way to stop it. */
export async function start(port = 0) {
  const server = createServer((request, response) => { serve(request, response).catch(() => response.destroy()); });
  const sockets = new Set();
  server.on("connection", (socket) => { sockets.add(socket); socket.on("close", () => sockets.delete(socket)); });
  server.on("upgrade", (request, socket) => live(request, socket));
  await new Promise((ready) => server.listen(port, "127.0.0.1", ready));
  const stop = () => { for (const socket of sockets) socket.destroy(); return new Promise((done) => server.close(done)); };
  return { url: `http://127.0.0.1:${server.address().port}/`, stop };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { url } = await start(Number(process.argv[2] ?? 8787));
  process.stdout.write(`${url}\n`);
}
