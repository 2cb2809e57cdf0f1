// The way to the service: WebSocket /v1/live where it opens, else POST /v1/check. One check is under way at a time and
// the newest text goes next, so that a slow service is never flooded. What cannot be checked is told, never guessed.

import { difference } from "./text.js";

const OPEN_WAIT = 3_000;
const LIVE_WAIT = 6_000;
const CHECK_WAIT = 20_000;
const PAUSE = 250;
const RETRY = [2_000, 4_000, 8_000, 15_000, 30_000];

/** The name of a conversation, told by nobody. */
const newConversation = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Whether an answer is what the page can show; offsets that count something else would mark the wrong words. */
const isUnderstood = (outcome) => outcome?.offsets === "utf-16" && Array.isArray(outcome.findings);

/**
 * Checks texts. Callbacks: `onOutcome(outcome, text)`, and `onState(state)` with `{link, problem}`, where link is
 * `connecting`, `live`, `http` or `away`, and problem is null or `{title, detail, status}`.
 */
export class Link {
  #base;
  #onOutcome;
  #onState;
  #context = null;
  #policy = null;
  #conversation = newConversation();
  #key = "";
  #wanted = null;
  #flight = null;
  #sequence = 0;
  #socket = null;
  #socketReady = false;
  #socketTried = 0;
  #serverText = null;
  /** The number of the last `open`, and whether the service refused it: it would check in another context then. */
  #openSequence = 0;
  #openRefused = false;
  #link = "connecting";
  #problem = null;
  #failures = 0;
  #timers = new Map();

  constructor({ base, onOutcome, onState }) {
    this.#base = base;
    this.#onOutcome = onOutcome;
    this.#onState = onState;
  }

  /** Begins, in this context. */
  start(context, policy) {
    this.#context = context;
    this.#policy = policy;
    this.#openSocket();
  }

  /** From now on texts are checked in this context; the present one is checked again. */
  setContext(context, policy) {
    this.#context = context;
    this.#policy = policy;
    this.#dropFlight();
    if (this.#socketReady) this.#sendOpen();
    this.#pump();
  }

  /** Checks the text; null when there is nothing to check. */
  check(text) {
    this.#wanted = text;
    if (text === null) this.#stop("pause");
    this.#pump();
  }

  /**
   * Makes a message part of the conversation: the service records it, with the reason where it is sent as it was written
   * and otherwise than advised. Gives `{outcome}`, or `{problem}` with `{title, detail}`.
   */
  async send(text, reason) {
    const override = reason === null ? null : { reason };
    try {
      const { response, answer } = await this.#post({ text, override }, AbortSignal.timeout(CHECK_WAIT));
      if (response.ok && isUnderstood(answer)) return { outcome: answer };
      return { problem: { title: answer?.title || "The service’s answer was not understood", detail: answer?.detail || "" } };
    } catch {
      return { problem: { title: "The checking service cannot be reached", detail: "" } };
    }
  }

  /** The messages that follow are of another conversation. */
  startConversation() {
    this.#conversation = newConversation();
    this.#dropFlight();
    if (this.#socketReady) this.#sendOpen();
    this.#pump();
  }

  /** Tries again at once after a failure. */
  retry() {
    this.#failures = 0;
    this.#problem = null;
    this.#stop("retry");
    this.#dropFlight();
    if (!this.#socket) this.#openSocket();
    else if (this.#openRefused) this.#sendOpen();
    if (this.#link !== "connecting") this.#pump(true);
    this.#tell();
  }

  /** The key that is shown to the service from now on. */
  setKey(key) {
    this.#key = key;
    this.#closeSocket();
    this.retry();
  }

  /** What the service answers to a GET, as JSON. */
  async get(path) {
    const response = await fetch(new URL(path, this.#base), { headers: this.#headers(), cache: "no-store" });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return response.json();
  }

  #headers() {
    return this.#key ? { authorization: `Bearer ${this.#key}` } : {};
  }

  #tell() {
    this.#onState({ link: this.#link, problem: this.#problem });
  }

  #set(link, problem) {
    this.#link = link;
    this.#problem = problem;
    this.#tell();
  }

  #after(name, wait, then) {
    this.#stop(name);
    this.#timers.set(name, setTimeout(() => { this.#timers.delete(name); then(); }, wait));
  }

  #stop(name) {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }

  #dropFlight() {
    this.#flight?.abort?.abort();
    this.#flight = null;
    this.#stop("watch");
    this.#stop("pause");
  }

  #pump(now = false) {
    if (this.#flight || this.#wanted === null || this.#link === "connecting") return;
    if (this.#socketReady && this.#openRefused) return;
    // The service asked for patience, or is away: not at every key.
    if (!now && this.#timers.has("retry")) return;
    if (this.#socketReady) this.#checkLive();
    else if (now) this.#checkOnce();
    else this.#after("pause", PAUSE, () => this.#checkOnce());
  }

  #answered(outcome, text) {
    this.#failures = 0;
    this.#stop("retry");
    if (this.#wanted === text) this.#wanted = null;
    if (this.#problem || this.#link === "away") this.#set(this.#socketReady ? "live" : "http", null);
    if (!isUnderstood(outcome)) {
      this.#wanted ??= text;
      this.#set(this.#link, { title: "The service’s answer was not understood", detail: "It may be of another version than this page.", status: null });
      return;
    }
    this.#onOutcome(outcome, text);
    this.#pump();
  }

  // --- WebSocket

  #openSocket() {
    this.#closeSocket();
    const url = new URL("v1/live", this.#base);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    this.#socketTried += 1;
    let socket;
    try {
      // A browser can show a key with a WebSocket only as a protocol; one with other letters goes with requests alone.
      socket = new WebSocket(url, this.#key ? ["presend.v1", `bearer.${this.#key}`] : ["presend.v1"]);
    } catch {
      this.#useRequests();
      return;
    }
    this.#socket = socket;
    this.#after("open", OPEN_WAIT, () => this.#lost(socket));
    socket.onopen = () => {
      if (this.#socket !== socket) return;
      this.#stop("open");
      if (this.#flight) this.#wanted ??= this.#flight.text;
      this.#socketReady = true;
      this.#socketTried = 0;
      this.#stop("retry");
      this.#dropFlight();
      this.#sendOpen();
      this.#set("live", null);
      this.#pump();
    };
    socket.onmessage = (message) => { if (this.#socket === socket) this.#receive(message.data); };
    socket.onclose = () => this.#lost(socket);
    socket.onerror = () => this.#lost(socket);
  }

  #closeSocket() {
    const socket = this.#socket;
    this.#socket = null;
    this.#socketReady = false;
    this.#serverText = null;
    this.#openRefused = false;
    this.#stop("open");
    socket?.close();
  }

  /** The socket failed: requests take over, and it is tried again later. */
  #lost(socket) {
    if (this.#socket !== socket) return;
    const wasLive = this.#socketReady;
    this.#closeSocket();
    if (this.#flight?.live) this.#wanted ??= this.#flight.text;
    if (this.#flight?.live) this.#dropFlight();
    if (this.#link === "connecting" || wasLive) this.#useRequests();
    this.#after("socket", Math.min(60_000, 5_000 * 2 ** this.#socketTried), () => this.#openSocket());
  }

  #useRequests() {
    this.#set("http", this.#problem);
    if (this.#wanted !== null) this.#pump(true);
    else this.#probe();
  }

  /** Whether anybody is there, asked without a message. */
  async #probe() {
    try {
      await this.get("v1/policies");
    } catch (error) {
      if (error instanceof TypeError && this.#link === "http" && !this.#flight) this.#away();
    }
  }

  #write(frame) {
    try {
      this.#socket.send(JSON.stringify(frame));
    } catch {
      this.#lost(this.#socket);
    }
  }

  #sendOpen() {
    this.#serverText = null;
    this.#sequence += 1;
    this.#openSequence = this.#sequence;
    this.#openRefused = false;
    this.#write({ type: "open", seq: this.#sequence, context: this.#context, policy: this.#policy, offsets: "utf-16", conversation: this.#conversation });
  }

  #checkLive() {
    const text = this.#wanted;
    this.#sequence += 1;
    this.#flight = { text, seq: this.#sequence, live: true };
    const socket = this.#socket;
    this.#after("watch", LIVE_WAIT, () => this.#lost(socket));
    if (this.#serverText === null) this.#write({ type: "text", text, seq: this.#sequence });
    else this.#write({ type: "edit", ...difference(this.#serverText, text), seq: this.#sequence });
    this.#serverText = text;
  }

  #receive(data) {
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return;
    }
    if (frame.type === "outcome") {
      if (!this.#flight?.live || (frame.seq ?? this.#flight.seq) !== this.#flight.seq) return;
      const { text } = this.#flight;
      this.#dropFlight();
      this.#answered(frame.outcome, text);
    } else if (frame.type === "problem") {
      const { seq } = frame;
      const ofOpen = seq === this.#openSequence;
      if (seq !== undefined && seq !== null && seq !== this.#flight?.seq && !ofOpen) return;
      this.#openRefused ||= ofOpen;
      const text = this.#flight?.text ?? this.#wanted;
      this.#dropFlight();
      // Whether the service took the edit is not known, so that the next frame brings the whole text.
      this.#serverText = null;
      this.#refused(frame.problem ?? frame, text, null);
    }
  }

  // --- requests

  async #post(message, signal) {
    const response = await fetch(new URL("v1/check", this.#base), {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json, application/problem+json", ...this.#headers() },
      body: JSON.stringify({ ...message, context: this.#context, policy: this.#policy, offsets: "utf-16", conversation: this.#conversation }),
      cache: "no-store",
      signal,
    });
    return { response, answer: await response.json().catch(() => null) };
  }

  async #checkOnce() {
    if (this.#flight || this.#wanted === null) return;
    const text = this.#wanted;
    const abort = new AbortController();
    const flight = { text, abort };
    this.#flight = flight;
    this.#after("watch", CHECK_WAIT, () => abort.abort("slow"));
    let response;
    let answer;
    try {
      ({ response, answer } = await this.#post({ text, draft: true }, abort.signal));
    } catch {
      if (this.#flight !== flight) return;
      this.#dropFlight();
      this.#away(abort.signal.reason === "slow");
      return;
    }
    if (this.#flight !== flight) return;
    this.#dropFlight();
    if (response.ok) this.#answered(answer, text);
    else this.#refused({ status: response.status, ...answer }, text, response.headers.get("retry-after"));
  }

  #refused(problem, text, retryAfter) {
    this.#wanted ??= text;
    const status = Number(problem.status) || null;
    const { title, detail } = problem;
    this.#set(this.#link === "away" ? "http" : this.#link, { title: title || "The service refused the check", detail: detail || "", status });
    if (status === 429 || status === 408 || status >= 500) {
      const wait = Number(retryAfter ?? problem["retry-after"]) * 1_000 || this.#backOff();
      this.#after("retry", Math.min(wait, 120_000), () => this.#pump(true));
    }
  }

  #away(slow = false) {
    this.#set("away", slow ? { title: "The checking service does not answer", detail: "", status: null } : null);
    this.#after("retry", this.#backOff(), () => {
      if (!this.#socket) this.#openSocket();
      if (this.#wanted !== null) this.#pump(true);
      else this.#probeBack();
    });
  }

  async #probeBack() {
    try {
      await this.get("v1/policies");
    } catch (error) {
      if (error instanceof TypeError) {
        if (this.#link === "away") this.#away();
        return;
      }
    }
    if (this.#link === "away") this.#set(this.#socketReady ? "live" : "http", null);
  }

  #backOff() {
    const wait = RETRY[Math.min(this.#failures, RETRY.length - 1)];
    this.#failures += 1;
    return wait;
  }
}
