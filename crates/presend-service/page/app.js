// The page: what is typed goes to the service as it is typed, and what comes back is shown. Message text lives in this
// page's memory alone: never in the console, addresses or storage.

import { EXAMPLES } from "./examples.js";
import { Link } from "./link.js";
import { carryOver, changes, findingAt, pieces } from "./text.js";
import * as words from "./words.js";

const $ = (id) => document.getElementById(id);
const message = $("message");

const SLOW = 700;
const VERY_SLOW = 5_000;
const QUIET = 1_200;
const MOST_LISTED = 100;

const state = {
  /** The newest answer, the text it is about, and its findings where they stand in the text now. */
  outcome: null,
  checked: null,
  findings: [],
  /** Whether the answer is that of another context. */
  outdated: false,
  /** The text that the places in `findings` are of. */
  carriedTo: "",
  /** The policy that decided last. */
  policy: null,
  link: "connecting",
  problem: null,
  /** Since when the present text waits for its answer, or 0. */
  waiting: 0,
  /** The text that the safer one replaced, while that can be undone in one step, and the text that stands instead. */
  undo: null,
  /** Whether a reason is asked for, and whether a message is on its way. */
  overriding: false,
  sending: false,
  /** Why the message could not be sent when it was tried last. */
  unsent: null,
  /** How many people the messages sent here fit together, after the last of them. */
  together: null,
  policies: [],
  caret: -1,
};

const link = new Link({ base: document.baseURI, onOutcome, onState });

/** Makes an element; `content` is text or elements. */
function element(tag, classes, ...content) {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  made.append(...content);
  return made;
}

const hide = (id, hidden) => { $(id).hidden = hidden; };

/** Sets text only where it differs, so that screen readers do not hear it anew. */
function say(id, text) {
  const target = $(id);
  if (target.textContent !== text) target.textContent = text;
}

// --- the context

const numberOf = (id) => {
  const value = Number.parseInt($(id).value, 10);
  return Number.isInteger(value) && value >= 0 ? Math.min(value, 4_294_967_295) : null;
};

function readContext() {
  const changed = $("changed").value;
  return {
    channel: $("channel").value,
    approved: $("approved").checked,
    audience: $("audience").value,
    urgency: $("emergency").checked ? "emergency" : "routine",
    purpose: $("purpose").value,
    recipients: {
      count: numberOf("recipients"),
      outsiders: numberOf("outsiders"),
      "recently-changed": changed === "" ? null : changed === "true",
    },
    attachments: numberOf("attachments") ?? 0,
    today: today(),
  };
}

/** The sender's date, by which ages and days are counted. */
function today() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

function writeContext(context) {
  $("audience").value = context.audience;
  $("purpose").value = context.purpose;
  $("channel").value = context.channel;
  $("approved").checked = context.approved;
  $("emergency").checked = context.urgency === "emergency";
  $("recipients").value = context.recipients?.count ?? "";
  $("outsiders").value = context.recipients?.outsiders ?? "";
  $("changed").value = "";
  $("attachments").value = context.attachments ?? 0;
  $("policy").value = "";
}

function applyContext() {
  const context = readContext();
  say("context-words", words.context(context));
  link.setContext(context, $("policy").value || null);
  state.outdated = true;
  state.unsent = null;
  // What the safer text was made of has another safer text there.
  if (state.undo) state.undo.isOfAnotherContext = true;
  if (isEmpty()) state.policy = null;
}

function contextChanged() {
  applyContext();
  checkNow();
}

async function loadPolicies() {
  try {
    const policies = await link.get("v1/policies");
    if (!Array.isArray(policies)) return;
    state.policies = policies;
  } catch {
    return;
  }
  const chosen = $("policy").value;
  const options = state.policies.map((policy) => new Option(policy.title || policy.name, policy.name));
  $("policy").replaceChildren($("policy").options[0], ...options);
  $("policy").value = chosen;
  showPolicy();
}

function showPolicy() {
  const name = state.policy ?? ($("policy").value || null);
  hide("policy-box", name === null);
  if (name === null) return;
  const policy = state.policies.find((known) => known.name === name);
  say("policy-title", policy?.title || name);
  say("policy-origin", $("policy").value ? " (chosen by you)" : " (chosen by where the message goes)");
  say("policy-about", policy?.about ?? "");
  const guidance = policy?.guidance ?? [];
  hide("policy-guidance-box", guidance.length === 0);
  $("policy-guidance").replaceChildren(...guidance.map((line) => element("li", "", line)));
}

// --- typing

const isEmpty = () => message.value.trim() === "";
const isCurrent = () => state.outcome !== null && !state.outdated && state.checked === message.value;

function typed() {
  if (state.outcome) {
    state.findings = carryOver(state.findings, state.carriedTo, message.value);
    state.carriedTo = message.value;
  }
  if (state.undo && state.undo.now !== message.value) state.undo = null;
  state.unsent = null;
  checkNow();
  // Before the browser brings the caret into sight, which it does when this event is over: the box has to be as high as
  // its text by then.
  showMarks();
}

function checkNow() {
  if (isEmpty()) {
    link.check(null);
    forget();
  } else if (!isCurrent()) {
    state.waiting ||= Date.now();
    link.check(message.value);
  } else {
    state.waiting = 0;
  }
  show();
}

function forget() {
  state.outcome = null;
  state.checked = null;
  state.findings = [];
  state.waiting = 0;
}

function onOutcome(outcome, text) {
  if (isEmpty()) return;
  state.outcome = outcome;
  state.outdated = false;
  state.policy = outcome.policy;
  state.checked = text;
  state.findings = carryOver(outcome.findings, text, message.value);
  state.carriedTo = message.value;
  state.waiting = isCurrent() ? 0 : Date.now();
  // Somebody went back to a text that was checked before this one, so that nobody asked for it again.
  if (!isCurrent()) link.check(message.value);
  show();
  announceOutcome();
}

function onState({ link: way, problem }) {
  const before = trouble();
  const was = state.link;
  state.link = way;
  state.problem = problem;
  if (state.policies.length === 0 && way !== "away" && was !== way) loadPolicies();
  show();
  const now = trouble();
  if (now && now.title !== before?.title) announce(`${now.title}. ${now.text}`, true);
}

/** A problem's title and detail as sentences. */
const sentences = ({ title, detail }) => [title, detail].filter(Boolean).map((part) => (/[.!?]$/.test(part) ? part : `${part}.`)).join(" ");

/** Why the message cannot be checked, or null. */
function trouble() {
  const { problem } = state;
  if (problem) {
    return { title: "Not checked", text: `${sentences(problem)} Your message has not been checked.`, key: problem.status === 401 || problem.status === 403 };
  }
  if (state.link === "away") {
    return { title: "Not checked: the checking service cannot be reached", text: "Your message has not been checked. It is tried again by itself; your text stays here.", key: false };
  }
  return null;
}

// --- showing

let drawn = 0;

/** Draws once a frame, however much changes. */
function show() {
  if (drawn) return;
  drawn = requestAnimationFrame(() => {
    drawn = 0;
    showLink();
    showMarks();
    showVerdict();
    showResults();
    showCaret();
    showPolicy();
  });
}

function showLink() {
  const said = { connecting: "Connecting", live: "Connected", http: "Connected", away: "Service away" };
  const shown = state.problem ? "away" : state.link;
  $("link-state").dataset.state = shown;
  say("link-words", state.problem ? "Trouble" : said[state.link]);
}

/** What the marks were drawn of. */
let marks = {};

function showMarks() {
  const mirror = $("mirror");
  const stale = !isCurrent() && trouble() !== null;
  const { value } = message;
  if (marks.value === value && marks.findings === state.findings && marks.stale === stale) return;
  marks = { value, findings: state.findings, stale };
  const parts = pieces(value, state.findings).map(({ text, finding }) => {
    if (!finding) return document.createTextNode(text);
    return element("span", `mark mark--${words.mark(finding)}${stale ? " mark--stale" : ""}`, text);
  });
  // The last line is as high as the others even where it is empty.
  mirror.replaceChildren(...parts, "\u200b");
  hide("legend", state.findings.length === 0);
}

function verdictShown() {
  if (state.unsent) return { name: "away", icon: "away", title: "Not sent", text: state.unsent };
  if (isEmpty()) {
    const wrong = trouble();
    if (wrong) return { name: "away", icon: "away", title: wrong.title, text: wrong.text, retry: true, key: wrong.key };
    return { name: "idle", icon: "idle", title: "Nothing to check yet", text: "Type, paste, or take an example." };
  }
  const wrong = trouble();
  if (wrong && !isCurrent()) return { name: "away", icon: "away", title: wrong.title, text: wrong.text, retry: true, key: wrong.key };
  const waited = state.waiting ? Date.now() - state.waiting : 0;
  if (waited >= VERY_SLOW) return { name: "busy", icon: "busy", title: "Still checking: the service is slow", text: "What stands here now has not been checked. Wait, or send it another way only if you have read it twice." };
  if (!state.outcome || waited >= SLOW) return { name: "busy", icon: "busy", title: "Checking", text: "Not checked yet." };
  const { name, title, text } = advised();
  return { name, icon: name, title, text };
}

/** What the last answer advises, in words. */
const advised = () => words.verdict(state.outcome, state.outcome.safer_text !== state.checked);

function showVerdict() {
  const shown = verdictShown();
  $("verdict").dataset.verdict = shown.name;
  // For a moment the last verdict stays while the next is awaited, or it would flicker at every key; nothing can be sent.
  $("verdict").setAttribute("aria-busy", String(state.waiting > 0 && trouble() === null));
  $("verdict-icon").setAttribute("href", `#icon-${shown.icon}`);
  say("verdict-title", shown.title);
  say("verdict-text", shown.text);
  hide("retry", !shown.retry);
  hide("key-form", !shown.key);

  const safer = saferOffered();
  const refusal = whyNotSend();
  if (state.overriding && isCurrent() && !needsReason()) closeOverride();
  hide("use-safer", !safer);
  hide("undo", state.undo === null);
  hide("make-emergency", !(isCurrent() && state.outcome.verdict === "block" && !$("emergency").checked));
  const send = $("send");
  send.setAttribute("aria-disabled", String(refusal !== null));
  send.classList.toggle("nhsuk-button--secondary", needsReason() || refusal !== null);
  send.hidden = state.overriding;
  say("send", state.sending ? "Sending" : needsReason() ? "Send as it is" : "Send");
  hide("override", !state.overriding);
}

const saferOffered = () =>
  isCurrent() && state.outcome.verdict !== "block" && state.outcome.safer_text !== message.value;

/** Whether the message is one that the service advises against, so that the sender has to say why. An emergency never waits. */
const needsReason = () => isCurrent() && !$("emergency").checked && (advised().name === "block" || saferOffered());

/** Why the message cannot be sent now, or null. */
function whyNotSend() {
  if (state.sending) return "The message before is on its way.";
  if (isEmpty()) return "There is nothing to send yet.";
  if (!isCurrent()) return trouble()?.text ?? "Wait for the check: what stands here now has not been checked.";
  return null;
}

function showResults() {
  const { outcome } = state;
  const wrong = trouble() !== null && !isCurrent();
  $("results").classList.toggle("is-stale", wrong && outcome !== null);

  const listed = state.findings.slice(0, MOST_LISTED);
  if (outcome === null) {
    say("findings-words", isEmpty() ? "Nothing has been checked yet." : wrong ? "Not checked. What is in the message is not known." : "Checking.");
  } else {
    const number = state.findings.length;
    const found = number === 0 ? "No identifier was found in what was checked." : `${words.count(number, "identifier", "identifiers")}.`;
    const more = number > listed.length ? ` The first ${listed.length} are listed.` : "";
    say("findings-words", wrong ? `Not checked since your last change. Before it: ${found}` : found + more);
  }
  hide("promise", outcome !== null || !isEmpty());
  showFindings(listed);

  const handles = outcome?.patients ?? [];
  const lines = handles.map((patient) => {
    if (patient.handle) return element("li", "", `${sentence(words.handle(patient.handle))} ${/ and /.test(words.handle(patient.handle)) ? "stay" : "stays"}.`);
    const ways = (patient.add ?? []).map((way) => way.join(" and "));
    return ways.length > 0
      ? element("li", "", `Nothing here tells your colleague which patient it is. Add ${ways.join(", or ")}.`)
      : element("li", "", "Nothing here tells your colleague which patient it is.");
  });
  hide("handles-box", lines.length === 0);
  $("handles").replaceChildren(...lines);

  // A text that is not to go either is not offered as safer.
  const changed = outcome !== null && outcome.verdict !== "block" && outcome.safer_text !== state.checked;
  hide("safer-box", !changed);
  if (changed) {
    const parts = changes(state.checked, outcome.safer_text).map((part) => (part.changed ? element("span", "safer__changed", part.text) : part.text));
    $("safer").replaceChildren(...parts);
  }

  showPeople(outcome?.identifiability);

  const advice = outcome?.advice ?? [];
  hide("advice-box", advice.length === 0);
  $("advice").replaceChildren(...advice.map((line) => element("li", "", line.text)));

  const unseen = (outcome?.not_looked_at ?? []).map((name) => element("li", "", words.unseen(name)));
  if (outcome?.model_review === "absent") {
    unseen.push(element("li", "", "No language model is installed: the rules alone read this message, and names that only a model would tell may be missing."));
  } else if (outcome?.model_review === "failed" && !outcome.not_looked_at.includes("model")) {
    unseen.push(element("li", "", words.unseen("model")));
  }
  hide("unseen-box", unseen.length === 0);
  $("unseen").replaceChildren(...unseen);

  hide("lock-box", !outcome?.preview);
  say("lock-text", outcome?.preview ?? "");
}

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** The list's items by what they show, so that an opened reason stays open while one types on. */
let items = new Map();

function showFindings(findings) {
  const fresh = new Map();
  const list = $("findings");
  findings.forEach((finding, index) => {
    const word = message.value.slice(finding.start, finding.end);
    const base = JSON.stringify([finding.label, finding.role, finding.action, finding.reason, finding.score, finding.kind, word]);
    let key = base;
    for (let twin = 1; fresh.has(key); twin += 1) key = `${base}${twin}`;
    const item = items.get(key) ?? findingItem(finding, word);
    item.id = `finding-${index}`;
    item.dataset.index = String(index);
    fresh.set(key, item);
    if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
  });
  while (list.children.length > findings.length) list.lastElementChild.remove();
  items = fresh;
}

function findingItem(finding, word) {
  const item = element("li", "finding");
  item.tabIndex = -1;
  const mark = words.mark(finding);
  const short = word.length > 80 ? `${word.slice(0, 79)}…` : word;
  const heading = element("h3", "finding__name", element("span", `mark mark--${mark}`, short), " ", words.findingName(finding));
  const tag = element("strong", `nhsuk-tag finding__tag finding__tag--${mark}`, words.action(finding.action));
  const what = element("p", "finding__what", tag, " ", `${sentence(finding.reason)}.`);

  const why = element("details", "plain finding__why", element("summary", "", "Why it was found", element("span", "nhsuk-u-visually-hidden", `: ${short}`)));
  why.append(element("ul", "small", ...finding.evidence.map((line) => element("li", "", sentence(line)))));
  const sure = `${words.kind(finding)}. ${Math.round(finding.score * 100)}% sure.`;
  why.append(element("p", "small", `${sure} Rule `, element("code", "", finding.rule), ", policy line ", element("code", "", finding.line), "."));

  const jump = element("button", "link-button finding__jump", "Show in message", element("span", "nhsuk-u-visually-hidden", `: ${short}`));
  jump.type = "button";
  jump.addEventListener("click", () => goTo(Number(item.dataset.index)));
  item.append(heading, what, element("div", "finding__row", why, jump));
  return item;
}

function showPeople(estimates) {
  const { before, after, conversation: together } = estimates ?? {};
  const known = (estimate) => estimate && Number.isFinite(estimate.people);
  hide("people-box", !known(before));
  if (!known(before)) return;
  const line = (id, start, verb, estimate) => {
    const shown = words.people(start, estimate);
    $(id).replaceChildren(element("strong", "", shown.start), shown.one ? ` ${id === "people-before" ? "it" : "still"} ${shown.one}` : ` ${verb} ${shown.about}: ${shown.class}.`);
  };
  line("people-before", "As written,", "it fits", before);
  hide("people-after", !known(after));
  if (known(after)) line("people-after", "The safer text", "fits", after);
  const isFirst = $("bubbles").childElementCount === 0;
  hide("people-together", isFirst || !known(together));
  if (known(together)) line("people-together", "With the messages sent before, it", "fits", together);
  // Seventy million people are the scale's end, on which each step is ten times as many.
  const place = (number) => `${Math.min(100, (Math.log10(Math.max(1, number)) / Math.log10(7e7)) * 100)}%`;
  for (const [name, estimate] of [["before", before], ["after", after]]) {
    hide(`dot-${name}`, !known(estimate));
    hide(`range-${name}`, !known(estimate) || !(estimate.high > estimate.low));
    if (!known(estimate)) continue;
    $(`dot-${name}`).style.left = place(estimate.people);
    $(`range-${name}`).style.left = place(estimate.low);
    $(`range-${name}`).style.right = `calc(100% - ${place(estimate.high)})`;
  }
}

// --- the caret and the list, linked both ways

function showCaret() {
  const focused = document.activeElement === message;
  if (focused) state.caret = message.selectionStart === message.selectionEnd || findingAt(state.findings, message.selectionStart) === findingAt(state.findings, message.selectionEnd)
    ? findingAt(state.findings, message.selectionStart) : -1;
  if (state.caret >= state.findings.length) state.caret = -1;
  const finding = state.findings[state.caret];
  hide("at-caret", !finding);
  for (const item of $("findings").children) {
    if (finding && item.dataset.index === String(state.caret)) item.setAttribute("aria-current", "true");
    else item.removeAttribute("aria-current");
  }
  if (!finding) return;
  const word = message.value.slice(finding.start, finding.end);
  $("caret-mark").className = `mark mark--${words.mark(finding)}`;
  say("caret-mark", word.length > 40 ? `${word.slice(0, 39)}…` : word);
  say("caret-words", `${words.findingName(finding)}. ${words.action(finding.action)}: ${finding.reason}.`);
}

/** Selects a finding in the message and says what it is. */
function goTo(index) {
  const finding = state.findings[index];
  if (!finding) return;
  message.focus();
  message.setSelectionRange(finding.start, finding.end);
  // A selection that a script makes is not brought into sight; the mark under it is.
  ($("mirror").querySelectorAll(".mark")[index] ?? $("compose")).scrollIntoView({ block: "nearest" });
  state.caret = index;
  showCaret();
  announce(`${index + 1} of ${state.findings.length}: ${message.value.slice(finding.start, finding.end)}, ${words.findingName(finding)}. ${words.action(finding.action)}: ${finding.reason}.`, true);
}

function goToNext(backwards) {
  const { findings } = state;
  if (findings.length === 0) {
    announce(isCurrent() ? "No identifier was found." : "Not checked yet.", true);
    return;
  }
  const [from, to] = [message.selectionStart, message.selectionEnd];
  const next = backwards
    ? findings.findLastIndex((finding) => finding.end <= from && !(finding.start === from && finding.end === to))
    : findings.findIndex((finding) => finding.start >= to && !(finding.start === from && finding.end === to));
  goTo(next === -1 ? (backwards ? findings.length - 1 : 0) : next);
}

function showReasons() {
  const item = $("findings").children[state.caret];
  if (!item) return;
  item.querySelector("details").open = true;
  item.focus();
  item.scrollIntoView({ block: "nearest" });
}

// --- the safer text

/** Puts `text` in place of the message so that the browser's own undo takes it back too. */
function replaceMessage(text) {
  message.focus();
  message.select();
  // The only way to write into a text area that its undo history keeps; where it is gone, the button still undoes.
  const kept = text !== "" && document.execCommand?.("insertText", false, text);
  if (!kept || message.value !== text) {
    message.value = text;
    typed();
  }
  message.setSelectionRange(text.length, text.length);
}

function useSafer() {
  if (!saferOffered()) {
    announce(isCurrent() ? "There is no safer text: nothing has to change." : "Not checked yet.", true);
    return;
  }
  const before = message.value;
  const safer = state.outcome.safer_text;
  replaceMessage(safer);
  state.undo = { before, now: message.value };
  announce("The safer text stands in the message now.", true);
  show();
}

function undo() {
  if (!state.undo) return;
  const { before } = state.undo;
  state.undo = null;
  replaceMessage(before);
  announce("Your own text is back.", true);
  show();
}

// --- sending

/** Sends, or asks why where the service advises against it. */
function send() {
  const refusal = whyNotSend();
  if (refusal !== null) refuse(refusal);
  else if (needsReason()) openOverride();
  else deliver(null);
}

function refuse(refusal) {
  announce(refusal, true);
  $("verdict").classList.remove("is-nudged");
  requestAnimationFrame(() => $("verdict").classList.add("is-nudged"));
}

function openOverride() {
  state.overriding = true;
  showReasonError("");
  hide("override", false);
  $("reason").focus();
  $("override").scrollIntoView({ block: "nearest" });
  show();
}

function closeOverride() {
  state.overriding = false;
  if ($("override").contains(document.activeElement)) message.focus();
  showReasonError("");
  show();
}

/** Shows what is wrong with the reason, in the summary and beside it; nothing where `words` is empty. */
function showReasonError(words) {
  const isWrong = words !== "";
  say("reason-link", words);
  say("reason-error-words", words);
  hide("reason-summary", !isWrong);
  hide("reason-error", !isWrong);
  $("reason-group").classList.toggle("nhsuk-form-group--error", isWrong);
  $("reason").classList.toggle("nhsuk-textarea--error", isWrong);
  $("reason").setAttribute("aria-invalid", String(isWrong));
  $("reason").setAttribute("aria-describedby", isWrong ? "reason-hint reason-error" : "reason-hint");
  if (isWrong) $("reason-summary").focus();
}

function sendOverridden() {
  const refusal = whyNotSend();
  const reason = $("reason").value.trim();
  if (refusal !== null) refuse(refusal);
  else if (reason === "") showReasonError("Say why you send it as it is");
  else deliver(reason);
}

/** Makes the message part of the conversation, with the reason where there is one. */
async function deliver(reason) {
  // A safer text is sent by what it was made of, so that the service knows whom its stand-ins stand for.
  const isSafer = reason === null && state.undo !== null && !state.undo.isOfAnotherContext;
  const written = message.value;
  state.sending = true;
  state.unsent = null;
  message.readOnly = true;
  show();
  const { outcome, problem } = await link.send(isSafer ? state.undo.before : written, reason);
  state.sending = false;
  message.readOnly = false;
  if (problem) {
    state.unsent = `${sentences(problem)} Your text stays here.`;
    refuse(`Not sent. ${state.unsent}`);
    show();
    return;
  }
  const how = isSafer ? "Safer text" : reason === null ? "As written" : "As it is, against the advice";
  addBubble(isSafer ? outcome.safer_text : written, how, reason);
  state.together = outcome.identifiability?.conversation ?? null;
  showTogether();
  state.undo = null;
  state.overriding = false;
  $("reason").value = "";
  message.value = "";
  link.check(null);
  forget();
  message.focus();
  announce("Sent, on this page only.", true);
  show();
}

function addBubble(text, how, reason) {
  const bubble = element("li", "bubble", element("p", "bubble__text", text), element("p", "bubble__how", how));
  if (reason !== null) bubble.append(element("p", "bubble__how", `Reason: ${reason}`));
  $("bubbles").append(bubble);
  hide("bubbles-box", false);
  $("bubbles").scrollTop = $("bubbles").scrollHeight;
}

/** Says how many people the messages sent here fit together. */
function showTogether() {
  const { together } = state;
  const isKnown = Number.isFinite(together?.people);
  hide("told", !isKnown);
  if (!isKnown) return;
  const { start, one, about, class: meaning } = words.people("To a stranger, these messages together", together);
  $("told").replaceChildren(element("strong", "", start), one ? ` ${one.replace("points", "point")}` : ` fit ${about}: ${meaning}.`);
}

function startConversation() {
  $("bubbles").replaceChildren();
  hide("bubbles-box", true);
  state.together = null;
  state.outdated = true;
  link.startConversation();
  message.focus();
  announce("A new conversation.", true);
  checkNow();
}

function useExample(example) {
  writeContext(example.context);
  $("examples-box").open = false;
  applyContext();
  replaceMessage(example.text);
  state.undo = null;
  announce(`Example put in: ${example.title}. ${words.context(readContext())}`, true);
}

// --- what screen readers hear

let quietUntil = 0;
let pending = null;
let lastSaid = "";

/** Says `text` politely; unless `now`, when typing has paused, the newest only. */
function announce(text, now = false) {
  clearTimeout(pending);
  const wait = now ? 0 : Math.max(QUIET, quietUntil - Date.now());
  pending = setTimeout(() => {
    quietUntil = Date.now() + 2 * QUIET;
    const box = $("status");
    // The same words twice are heard twice only if they differ.
    box.textContent = box.textContent === text ? `${text}\u00a0` : text;
  }, wait);
}

function announceOutcome() {
  if (!isCurrent()) return;
  const { title } = verdictShown();
  const names = new Map();
  for (const finding of state.findings) names.set(words.label(finding.label), (names.get(words.label(finding.label)) ?? 0) + 1);
  const list = [...names].map(([name, number]) => (number > 1 ? `${name} ${number} times` : name)).join(", ");
  const partly = $("unseen").childElementCount > 0 || state.outcome.not_looked_at.length > 0 ? " Not all was looked at." : "";
  const said = `${title}. ${state.findings.length === 0 ? "No identifiers." : `${words.count(state.findings.length, "identifier", "identifiers")}: ${list}.`}${partly}`;
  if (said === lastSaid) return;
  lastSaid = said;
  announce(said);
}

// --- light and dark

const dark = $("dark-style");
const system = matchMedia("(prefers-color-scheme: dark)");

function showTheme(isDark) {
  $("theme").setAttribute("aria-pressed", String(isDark));
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
}

function setTheme(isDark) {
  dark.media = isDark ? "all" : "not all";
  showTheme(isDark);
}

// --- beginning

message.addEventListener("input", typed);
document.addEventListener("selectionchange", () => { if (document.activeElement === message) showCaret(); });
message.addEventListener("keydown", (event) => {
  const command = event.ctrlKey || event.metaKey;
  if (event.key === "F8") goToNext(event.shiftKey);
  else if (event.key === "Enter" && command && event.shiftKey) useSafer();
  else if (event.key === "Enter" && command) send();
  else return;
  event.preventDefault();
});
$("findings").addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const item = event.target.closest("li");
  if (item) goTo(Number(item.dataset.index));
});
$("caret-reasons").addEventListener("click", showReasons);
$("use-safer").addEventListener("click", useSafer);
$("undo").addEventListener("click", undo);
$("send").addEventListener("click", send);
$("clear").addEventListener("click", startConversation);
$("override").addEventListener("submit", (event) => {
  event.preventDefault();
  sendOverridden();
});
$("override").addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeOverride();
});
$("override-back").addEventListener("click", closeOverride);
$("reason-link").addEventListener("click", (event) => {
  event.preventDefault();
  $("reason").focus();
});
$("retry").addEventListener("click", () => {
  state.waiting = Date.now();
  if (!isEmpty()) link.check(message.value);
  link.retry();
  announce("Trying again.", true);
});
$("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const key = $("key").value;
  $("key").value = "";
  link.setKey(key);
  loadPolicies();
});
$("make-emergency").addEventListener("click", () => {
  $("emergency").checked = true;
  contextChanged();
  message.focus();
});
$("emergency").addEventListener("change", contextChanged);
$("context-form").addEventListener("input", contextChanged);
$("context-form").addEventListener("submit", (event) => event.preventDefault());
$("theme").addEventListener("click", () => setTheme($("theme").getAttribute("aria-pressed") !== "true"));
system.addEventListener("change", (event) => setTheme(event.matches));
addEventListener("online", () => link.retry());
// A slow answer shows itself as slow.
setInterval(() => { if (state.waiting) show(); }, 300);

for (const example of EXAMPLES) {
  const button = element("button", "examples__button", element("strong", "", example.title), " ", element("span", "", example.about));
  button.type = "button";
  button.addEventListener("click", () => useExample(example));
  $("examples").append(element("li", "", button));
}
// A browser that brings back what a form held would bring back message text.
message.value = "";
writeContext({ audience: "team", purpose: "direct-care", channel: "whatsapp", approved: false });
showTheme(system.matches);
say("context-words", words.context(readContext()));
link.start(readContext(), null);
show();
