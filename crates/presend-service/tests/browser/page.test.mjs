// The page in a real browser. By itself against the stand-in of mock.mjs; with PRESEND_URL against that server, which
// may be any presend serve whose page allows requests without a key; PRESEND_AUDIT names the audit record that it writes.
// CHROMIUM names the browser, /usr/bin/chromium else.
// SHOTS names a folder to write screenshots to. SLOW draws each frame so many milliseconds late, as a busy machine may:
// a test that reads what is not drawn yet then fails every time.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { start } from "./mock.mjs";

const MESSAGE = "Mrs Doris Ekwueme bed 12, NHS 999 123 4004. K+ 6.4, repeat at 20:00";
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

let url;
let stop = async () => {};
let browser;

before(async () => {
  if (process.env.PRESEND_URL) url = process.env.PRESEND_URL;
  else ({ url, stop } = await start());
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGUMENTS });
});

after(async () => {
  await browser?.close();
  await stop();
});

/** A page of its own for each test; fails it where the console, the policy for content or another host is touched. */
function pageTest(name, body, options = {}) {
  test(name, { timeout: 60_000 }, async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: "light", ...options.context });
    const page = await context.newPage();
    const complaints = [];
    page.on("console", (line) => { if (!options.quiet?.test(line.text())) complaints.push(`console ${line.type()}: ${line.text().slice(0, 120)}`); });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => { if (new URL(request.url()).origin !== new URL(url).origin) complaints.push(request.url()); });
    try {
      if (process.env.SLOW) await page.addInitScript((late) => { const draw = requestAnimationFrame.bind(window); window.requestAnimationFrame = (then) => setTimeout(() => draw(then), late); }, Number(process.env.SLOW));
      await options.prepare?.(page);
      await page.goto(url);
      await body(page);
      assert.deepEqual(complaints, []);
    } finally {
      await context.close();
    }
  });
}

const text = (page, id) => page.locator(`#${id}`).innerText();
const verdict = (page) => page.locator("#verdict").getAttribute("data-verdict");

/** Waits until what the page knows now is drawn: it draws with the next frame, and what stands there until then is old. */
const drawn = (page) => page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => done()); }));

/** Waits until the element holds words that match. */
const says = (page, id, pattern) => page.waitForFunction(([name, source]) => new RegExp(source).test(document.getElementById(name).innerText), [id, pattern.source], { timeout: 10_000 });

/** Waits until the verdict on what stands there now is one of these. */
async function settle(page, ...wanted) {
  await drawn(page);
  await page.waitForFunction((names) => { const { dataset, ariaBusy } = document.getElementById("verdict"); return names.includes(dataset.verdict) && (ariaBusy === "false" || dataset.verdict === "busy"); }, wanted, { timeout: 20_000 })
    .catch(async () => assert.fail(`verdict is ${await verdict(page)}, not ${wanted}`));
}

/** The words under the marks, from the message itself. */
const marked = (page) => page.locator("#mirror .mark").allInnerTexts();

async function write(page, words, delay = 0) {
  await page.locator("#message").click();
  await page.keyboard.type(words, { delay });
}

async function accessible(page, what) {
  await page.evaluate(await readFile(AXE, "utf8"));
  const { violations, passes } = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  assert.ok(passes.length > 20, "axe looked");
  assert.deepEqual(violations.map(({ id, nodes }) => `${what}: ${id}: ${nodes.slice(0, 4).map((node) => `${node.target} ${node.any[0]?.message ?? ""}`).join(" | ")}`), []);
}

async function shot(page, name) {
  if (!process.env.SHOTS) return;
  await mkdir(process.env.SHOTS, { recursive: true });
  await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`), fullPage: true });
}

pageTest("marks identifiers as one types, gives reasons, and links list and message", async (page) => {
  assert.equal(await verdict(page), "idle");
  await write(page, MESSAGE, 4);
  await settle(page, "minimise");
  const words = await marked(page);
  assert.ok(words.includes("999 123 4004"), `${words}`);
  assert.ok(words.some((word) => word.includes("Ekwueme")), `${words}`);
  assert.equal(await page.locator("#mirror").evaluate((mirror) => mirror.textContent.replace("\u200b", "")), MESSAGE);
  assert.equal(await page.locator("#findings > li").count(), words.length);
  assert.match(await text(page, "policy-title"), /Direct care/);
  assert.equal(await page.locator("#link-state").getAttribute("data-state"), "live");
  assert.match(await text(page, "verdict-title"), /safer text/);

  const item = page.locator("#findings > li", { hasText: "999 123 4004" });
  await item.locator("summary").click();
  assert.match(await item.innerText(), /NHS number[\s\S]*% sure[\s\S]*direct-care:\d+/);
  await item.getByRole("button", { name: "Show in message" }).click();
  assert.equal(await page.evaluate(() => { const box = document.getElementById("message"); return box.value.slice(box.selectionStart, box.selectionEnd); }), "999 123 4004");
  assert.equal(await item.getAttribute("aria-current"), "true");
  assert.match(await text(page, "at-caret"), /999 123 4004[\s\S]*NHS number/);
  await page.locator("#caret-reasons").click();
  assert.ok(await item.evaluate((element) => element === document.activeElement));
  await shot(page, "light-desktop");

  // What was typed is on the page alone.
  const kept = await page.evaluate(() => [location.href, document.cookie, localStorage.length, sessionStorage.length, history.length]);
  assert.deepEqual([kept[0], ...kept.slice(1, 4)], [url, "", 0, 0]);
});

pageTest("marks stand under their words", async (page) => {
  await write(page, `${"Long line of handover words that wraps and wraps again. ".repeat(6)}\n\n  ${MESSAGE}\n`);
  await settle(page, "minimise");
  const [mirror, message] = await page.evaluate(() => {
    const styles = ["fontSize", "fontFamily", "fontWeight", "lineHeight", "letterSpacing", "wordSpacing", "paddingLeft", "paddingTop", "paddingRight", "whiteSpace", "overflowWrap", "textIndent", "tabSize"];
    return ["mirror", "message"].map((id) => {
      const element = document.getElementById(id);
      const { x, y, width, height } = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      return { x, y, width, height, scroll: element.scrollHeight <= element.clientHeight + 1, inner: element.clientWidth, ...Object.fromEntries(styles.map((name) => [name, style[name]])) };
    });
  });
  assert.deepEqual(message, mirror);
  assert.ok(message.scroll);
});

pageTest("takes the safer text and gives one's own back, by button and by key", async (page) => {
  await write(page, MESSAGE);
  await settle(page, "minimise");
  const safer = await text(page, "safer");
  assert.notEqual(safer, MESSAGE);
  assert.match(safer, /K\+ 6\.4/);
  assert.doesNotMatch(safer, /Doris Ekwueme|999 123/);
  await page.getByRole("button", { name: "Use the safer text" }).click();
  assert.equal(await page.inputValue("#message"), safer);
  await settle(page, "send", "advise");
  await page.getByRole("button", { name: /^Undo/ }).click();
  assert.equal(await page.inputValue("#message"), MESSAGE);
  await settle(page, "minimise");
  await page.keyboard.press("Control+Shift+Enter");
  assert.equal(await page.inputValue("#message"), safer);
  await page.keyboard.press("Control+z");
  assert.equal(await page.inputValue("#message"), MESSAGE);
  await settle(page, "minimise");
  await page.keyboard.press("Control+Shift+Enter");
  await settle(page, "send", "advise");
  await page.keyboard.press("Control+Enter");
  await settle(page, "idle");
  assert.equal(await page.locator(".bubble__text").innerText(), safer);
  assert.equal(await page.inputValue("#message"), "");
  await page.reload();
  assert.equal(await page.locator(".bubble").count(), 0, "sent messages are kept by the page alone");
});

/** What is posted when a message is sent, apart from the drafts that are checked. */
function sentRequests(page) {
  const posted = [];
  page.on("request", (request) => {
    if (!request.url().endsWith("/v1/check") || request.method() !== "POST") return;
    const body = request.postDataJSON();
    if (!body.draft) posted.push(body);
  });
  return posted;
}

/** The last line of the audit record, where the server's is known. */
async function audited() {
  if (!process.env.PRESEND_AUDIT) return null;
  return JSON.parse((await readFile(process.env.PRESEND_AUDIT, "utf8")).trim().split("\n").at(-1));
}

const focused = (page) => page.evaluate(() => document.activeElement.id);

pageTest("asks for a reason to send a message as it is, and records it", async (page) => {
  const posted = sentRequests(page);
  await write(page, MESSAGE);
  await settle(page, "minimise");
  await page.keyboard.press("Control+Enter");
  assert.equal(await focused(page), "reason");
  assert.equal(await page.locator(".bubble").count(), 0);

  // No reason, or a blank one: an error summary that has the focus and leads to the field.
  for (const blank of ["", "   "]) {
    await page.locator("#reason").fill(blank);
    await page.locator("#override-send").click();
    assert.equal(await focused(page), "reason-summary");
    assert.match(await text(page, "reason-summary"), /There is a problem\s+Say why you send it as it is/);
    assert.match(await text(page, "reason-error"), /^Error:\s+Say why/);
    assert.equal(await page.locator("#reason").getAttribute("aria-invalid"), "true");
    await page.locator("#reason-link").click();
    assert.equal(await focused(page), "reason");
  }
  assert.deepEqual(posted, []);

  await page.keyboard.press("Escape");
  await page.locator("#override").waitFor({ state: "hidden" });
  assert.equal(await focused(page), "message");
  assert.equal(await page.inputValue("#message"), MESSAGE);

  await page.getByRole("button", { name: "Send as it is" }).click();
  assert.ok(await page.locator("#reason-summary").isHidden(), "an error is not kept");
  await page.locator("#reason").fill("Registrar cannot open the record, has to ring about 999 123 4004");
  await page.locator("#override-send").click();
  await settle(page, "idle");
  assert.equal(await page.locator(".bubble__text").innerText(), MESSAGE);
  assert.match(await page.locator(".bubble").innerText(), /against the advice[\s\S]*Reason: Registrar cannot/);
  assert.equal(posted.length, 1);
  assert.equal(posted[0].text, MESSAGE);
  assert.match(posted[0].override.reason, /^Registrar cannot open the record/);
  const line = await audited();
  if (line) assert.deepEqual([line.by, line.verdict, line.override], ["check", "minimise", "Registrar cannot open the record, has to ring about [NHS NUMBER]"]);
  assert.equal(await focused(page), "message");
});

pageTest("asks for no reason where the safer text is sent, in an emergency, or where nothing speaks against it", async (page) => {
  const posted = sentRequests(page);
  const send = async (expected) => {
    await page.keyboard.press("Control+Enter");
    await page.waitForFunction((wanted) => document.querySelectorAll(".bubble").length === wanted, expected);
  };
  await write(page, MESSAGE);
  await settle(page, "minimise");
  await page.keyboard.press("Control+Shift+Enter");
  await settle(page, "send", "advise");
  const safer = await page.inputValue("#message");
  await send(1);
  assert.equal(await page.locator(".bubble__text").last().innerText(), safer);
  assert.equal(posted[0].text, MESSAGE, "the service is told whom the safer text stands for");

  await page.check("#emergency");
  await write(page, MESSAGE);
  await settle(page, "advise");
  await send(2);
  await page.uncheck("#emergency");
  await write(page, "Bloods at 6");
  await settle(page, "send");
  await send(3);
  assert.deepEqual(posted.map((body) => body.override), [null, null, null]);
});

pageTest("sends what is blocked with a reason alone, and says when it could not be sent", async (page) => {
  await page.locator("#context-details summary").click();
  await page.selectOption("#audience", "social");
  await write(page, MESSAGE);
  await settle(page, "block");
  await page.locator("#send").click();
  await page.locator("#reason").fill("Everybody here looks after her");
  await answer(page, (route) => (route.request().postDataJSON().draft ? route.continue() : problem(503, { title: "The service is busy" })(route)));
  await page.locator("#override-send").click();
  await settle(page, "away");
  assert.match(await text(page, "verdict"), /Not sent[\s\S]*The service is busy\. Your text stays here/);
  assert.equal(await page.inputValue("#message"), MESSAGE);
  assert.equal(await page.locator(".bubble").count(), 0);
  await page.unroute("**/v1/check");
  await page.locator("#override-send").click();
  await page.locator(".bubble").waitFor();
  assert.match(await page.locator(".bubble").innerText(), /Everybody here looks after her/);
}, { quiet: /Failed to load resource/ });

/** Two messages on one patient with one on another between them; the stand-ins that were sent. */
async function thread(page) {
  const sent = [];
  await page.locator("#context-details summary").click();
  await page.selectOption("#purpose", "teaching");
  for (const words of ["Mrs Doris Ekwueme fell on Monday", "Mr Alan Whitcombe has a cough", "Mrs Doris Ekwueme is better"]) {
    await write(page, words);
    await settle(page, "minimise");
    const shown = await text(page, "safer");
    await page.keyboard.press("Control+Shift+Enter");
    await settle(page, "send", "advise");
    await page.keyboard.press("Control+Enter");
    await page.waitForFunction((wanted) => document.querySelectorAll(".bubble").length === wanted, sent.length + 1);
    const bubble = await page.locator(".bubble__text").last().innerText();
    assert.equal(bubble, shown, "what was shown is what was sent");
    sent.push(bubble.match(/\[[^\]]+\d\]/)?.[0]);
  }
  return sent;
}

async function threadKeeps(page) {
  const posted = sentRequests(page);
  const [doris, alan, again] = await thread(page);
  assert.match(`${doris}`, /1\]$/);
  assert.equal(again, doris);
  assert.notEqual(alan, doris);
  assert.equal(new Set(posted.map((body) => body.conversation)).size, 1);
  assert.match(await text(page, "told"), /these messages together/);
  await write(page, "Mrs Doris Ekwueme went home");
  await settle(page, "minimise");
  assert.match(await text(page, "people-together"), /With the messages sent before/);
  assert.match(await text(page, "safer"), /1\]/);

  await page.locator("#clear").click();
  assert.ok(await page.locator("#bubbles-box").isHidden());
  await page.locator("#message").fill("");
  await write(page, "Mr Alan Whitcombe went home");
  await settle(page, "minimise");
  await says(page, "safer", /1\]/);
}

pageTest("keeps a patient's stand-in through the conversation, and begins another", threadKeeps);

pageTest("keeps stand-ins where no socket opens too", threadKeeps, { prepare: (page) => noSocket(page), quiet: /Failed to load resource|WebSocket|net::ERR/ });

pageTest("follows the context and the policy that is picked", async (page) => {
  await write(page, MESSAGE);
  await settle(page, "minimise");
  await page.locator("#context-details summary").click();
  await page.selectOption("#audience", "social");
  await settle(page, "block");
  assert.match(await text(page, "policy-title"), /Social/);
  assert.match(await text(page, "verdict-title"), /Do not send/);
  await page.keyboard.press("Control+Enter");
  assert.equal(await page.locator(".bubble").count(), 0, "a blocked message is not sent without a reason");
  await page.getByRole("button", { name: "It is an emergency" }).click();
  await settle(page, "advise");
  assert.match(await text(page, "policy-title"), /Emergency/);
  await page.uncheck("#emergency");
  await page.selectOption("#policy", "redact");
  await settle(page, "minimise");
  assert.match(await text(page, "policy-origin"), /chosen by you/);
  assert.match(await text(page, "safer"), /\[NHS NUMBER\]/);
  await page.selectOption("#policy", "");
  await page.selectOption("#audience", "team");
  await page.fill("#attachments", "1");
  await says(page, "unseen", /Pictures/);
});

pageTest("offers ten examples, each of which gets a verdict", async (page) => {
  const titles = await page.locator("#examples strong").allTextContents();
  assert.equal(titles.length, 10);
  for (const title of titles) {
    await page.locator("#examples-box summary").click();
    await page.getByRole("button", { name: title }).click();
    const value = await page.inputValue("#message");
    await page.waitForFunction((wanted) => document.getElementById("mirror").textContent.startsWith(wanted), value);
    await settle(page, "send", "advise", "minimise", "block");
    if (title === "Emergency") assert.equal(await verdict(page), "advise");
    if (title === "Nothing to find") assert.equal(await verdict(page), "send");
  }
});

pageTest("works by keyboard alone, with the focus to be seen", async (page) => {
  const reached = new Set();
  await page.keyboard.press("Tab");
  assert.match(await page.evaluate(() => document.activeElement.textContent), /Skip to the message/);
  await page.keyboard.press("Enter");
  await page.keyboard.type(MESSAGE);
  await settle(page, "minimise");
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.keyboard.press("F8");
  const first = await page.evaluate(() => document.getElementById("message").selectionStart);
  await page.keyboard.press("F8");
  const second = await page.evaluate(() => document.getElementById("message").selectionStart);
  assert.ok(second > first);
  await page.keyboard.press("Shift+F8");
  assert.equal(await page.evaluate(() => document.getElementById("message").selectionStart), first);
  await says(page, "status", /1 of \d/);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "caret-reasons");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "finding-0");
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement.id), "message");
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    const seen = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === document.body) return null;
      const style = getComputedStyle(element);
      const shown = style.outlineStyle !== "none" || style.boxShadow !== "none" || element.matches(".nhsuk-checkboxes__input, #message");
      return { name: element.id || element.textContent.trim().slice(0, 30), shown };
    });
    if (seen === null) continue;
    assert.ok(seen.shown, `no focus is seen on ${seen.name}`);
    reached.add(seen.name);
  }
  for (const name of ["theme", "emergency", "message", "use-safer", "send"]) assert.ok(reached.has(name), `${name} of ${[...reached]}`);
});

pageTest("keeps caret and chosen finding in sight in a long message", async (page) => {
  // Where the box stands, from its top or its end. It follows the caret when it is drawn.
  const stands = (end, within) => page.waitForFunction(([fromEnd, most]) => {
    const { scrollTop, scrollHeight, clientHeight } = document.getElementById("compose");
    const whole = scrollHeight - clientHeight;
    return whole > 200 && (fromEnd ? whole - scrollTop : scrollTop) < most;
  }, [end, within], { timeout: 10_000 });
  await write(page, `${"A line of the handover\n".repeat(60)}NHS 999 123 4004`);
  await settle(page, "send", "advise", "minimise");
  await stands(true, 40);
  await page.keyboard.press("Control+Home");
  await stands(false, 40);
  await page.keyboard.press("F8");
  await stands(true, 60);
});

pageTest("speaks to screen readers in summaries, not at every key", async (page) => {
  await page.evaluate(() => {
    window.said = [];
    new MutationObserver(() => window.said.push(document.getElementById("status").textContent)).observe(document.getElementById("status"), { childList: true, characterData: true, subtree: true });
  });
  await write(page, MESSAGE, 15);
  await settle(page, "minimise");
  await page.waitForFunction(() => /NHS number/.test(window.said.at(-1)), null, { timeout: 5_000 });
  const said = await page.evaluate(() => window.said);
  assert.ok(said.length <= 2, `${said.length} announcements`);
  assert.match(said.at(-1), /identifiers: .*NHS number/);
  assert.doesNotMatch(said.at(-1), /999/);
});

for (const [name, options] of [
  ["light desktop", {}],
  ["dark desktop", { colorScheme: "dark" }],
  ["dark phone", { colorScheme: "dark", viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }],
  ["light phone", { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }],
]) {
  pageTest(`has no axe violation, nothing to scroll sideways and touch targets: ${name}`, async (page) => {
    await accessible(page, "empty");
    for (const id of ["context-details", "examples-box", "keys-box"]) await page.locator(`#${id} > summary`).click();
    await accessible(page, "opened");
    await page.getByRole("button", { name: "Evening handover" }).click();
    await settle(page, "minimise");
    await page.locator("#findings summary").first().click();
    await page.keyboard.press("Escape");
    await accessible(page, "minimise");
    const small = await page.evaluate(() => [...document.querySelectorAll("button, select, textarea, summary, input")]
      .filter((element) => element.offsetParent !== null)
      .map((element) => [element.id || element.textContent.trim(), element.getBoundingClientRect()])
      .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
      .map(([named, box]) => `${named} ${box.width}x${box.height}`));
    assert.deepEqual(small, []);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${wide} px too wide`);
    await page.selectOption("#audience", "social");
    await settle(page, "block");
    await accessible(page, "block");
    await page.selectOption("#audience", "team");
    await settle(page, "minimise");
    await page.locator("#context-details > summary").click();
    await page.locator("#keys-box > summary").click();
    await page.evaluate(() => scrollTo(0, 0));
    await shot(page, name.replaceAll(" ", "-"));
    await page.locator("#send").click();
    await accessible(page, "reason");
    await shot(page, `${name.replaceAll(" ", "-")}-reason`);
    await page.locator("#override-send").click();
    await accessible(page, "reason refused");
    await shot(page, `${name.replaceAll(" ", "-")}-refused`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    for (const id of ["override-send", "override-back"]) {
      const box = await page.locator(`#${id}`).boundingBox();
      assert.ok(box.height >= 43.5 && box.width >= 43.5, `${id} ${box.width}x${box.height}`);
    }
    await page.locator("#reason").fill("The registrar cannot open the record");
    await page.locator("#override-send").click();
    await settle(page, "idle");
    await write(page, MESSAGE);
    await settle(page, "minimise");
    await accessible(page, "sent");
    await shot(page, `${name.replaceAll(" ", "-")}-thread`);
  }, { context: options });
}

pageTest("turns dark and light by its button, and follows the system", async (page) => {
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.locator("#theme").click();
  const dark = await ground();
  assert.notEqual(dark, light);
  assert.equal(await page.locator("#theme").getAttribute("aria-pressed"), "true");
  await page.locator("#theme").click();
  assert.equal(await ground(), light);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.waitForFunction((wanted) => getComputedStyle(document.body).backgroundColor === wanted, dark);
});

// --- what goes wrong; the socket is kept from opening so that requests are made, which the test answers.

const noSocket = (page) => page.routeWebSocket(/v1\/live/, (socket) => socket.close());
const noisy = /Failed to load resource|WebSocket|net::ERR/;

const answer = (page, reply) => page.route("**/v1/check", reply);
const problem = (status, body, headers = {}) => (route) => route.fulfill({ status, contentType: "application/problem+json", headers, body: JSON.stringify({ type: "about:blank", status, ...body }) });

pageTest("checks by requests where no socket opens", async (page) => {
  await write(page, MESSAGE);
  await settle(page, "minimise");
  assert.equal(await page.locator("#link-state").getAttribute("data-state"), "http");
  assert.ok((await marked(page)).includes("999 123 4004"));
}, { prepare: noSocket, quiet: noisy });

pageTest("says that the server is away, and never that nothing was found", async (page) => {
  await write(page, MESSAGE);
  await settle(page, "away");
  assert.match(await text(page, "verdict"), /cannot be reached[\s\S]*has not been checked/);
  assert.match(await text(page, "findings-words"), /Not checked/);
  assert.doesNotMatch(await page.locator("main").innerText(), /No identifier was found|nothing needs a second look/);
  await page.keyboard.press("Control+Enter");
  assert.equal(await page.locator(".bubble").count(), 0, "nothing unchecked is sent");
  await says(page, "status", /has not been checked/);
  await accessible(page, "away");
  await shot(page, "away");
  await page.unroute("**/v1/**");
  await page.getByRole("button", { name: "Try again now" }).click();
  await settle(page, "minimise");
}, { prepare: async (page) => { await noSocket(page); await page.route("**/v1/**", (route) => route.abort()); }, quiet: noisy });

pageTest("keeps what it knew apart from what it does not when the server goes away", async (page) => {
  await write(page, MESSAGE);
  await settle(page, "minimise");
  await answer(page, (route) => route.abort());
  await page.keyboard.type(" and Alan Whitcombe");
  await settle(page, "away");
  assert.match(await text(page, "findings-words"), /Not checked since your last change/);
  assert.ok(await page.locator("#mirror .mark--stale").count() > 0);
  assert.equal(await page.getByRole("button", { name: "Use the safer text" }).count(), 0);
  await page.unroute("**/v1/check");
  await page.locator("#retry").click();
  await settle(page, "minimise");
  assert.equal(await page.locator("#mirror .mark--stale").count(), 0);
}, { prepare: noSocket, quiet: noisy });

pageTest("says that the check is slow", async (page) => {
  await answer(page, async (route) => { await new Promise((go) => setTimeout(go, 6_500)); await route.continue().catch(() => {}); });
  await write(page, MESSAGE);
  await settle(page, "busy");
  assert.match(await text(page, "verdict"), /Not checked yet/);
  await says(page, "verdict-title", /slow/);
  await settle(page, "minimise");
}, { prepare: noSocket, quiet: noisy });

pageTest("shows problems in the service's own words", async (page) => {
  await answer(page, problem(413, { title: "The message is too long", detail: "At most 20,000 bytes are checked at once." }));
  await write(page, "Bed 4");
  await settle(page, "away");
  assert.match(await text(page, "verdict"), /The message is too long\. At most 20,000 bytes[\s\S]*has not been checked/);
  await page.unroute("**/v1/check");
  let refusals = 0;
  await answer(page, (route) => { refusals += 1; return refusals === 1 ? problem(429, { title: "Too many requests" }, { "retry-after": "1" })(route) : route.continue(); });
  await page.keyboard.type(" please");
  await says(page, "verdict-text", /Too many requests/);
  await settle(page, "send", "advise", "minimise");
  assert.equal(refusals, 2, "it waited as it was told and asked once more");
  await page.unroute("**/v1/check");
  await answer(page, (route) => (route.request().headers().authorization === "Bearer right" ? route.continue({ headers: { ...route.request().headers(), authorization: "" } }) : problem(401, { title: "A key is needed" })(route)));
  await page.keyboard.type(" now");
  await page.locator("#key").fill("right");
  await page.getByRole("button", { name: "Use key" }).click();
  await settle(page, "send", "advise", "minimise");
}, { prepare: noSocket, quiet: noisy });

pageTest("says what the model did not read", async (page) => {
  await answer(page, async (route) => {
    const response = await route.fetch();
    const outcome = await response.json();
    await route.fulfill({ response, json: { ...outcome, findings: [], verdict: "send", safer_text: "Bed 4", model_review: "failed", not_looked_at: ["model"], identifiability: undefined } });
  });
  await write(page, "Bed 4");
  await settle(page, "send");
  assert.match(await text(page, "unseen"), /model did not read/);
  assert.match(await text(page, "verdict"), /So far as it was looked at/);
  assert.ok(await page.locator("#people-box").isHidden(), "no estimate, no sentence on it");
}, { prepare: noSocket, quiet: noisy });

pageTest("takes a refused context for no check", async (page) => {
  await write(page, MESSAGE);
  await settle(page, "minimise");
  await page.locator("#context-details summary").click();
  await page.selectOption("#policy", "redact");
  await settle(page, "away");
  assert.match(await text(page, "verdict"), /There is no such policy[\s\S]*has not been checked/);
  await page.selectOption("#policy", "");
  await settle(page, "minimise");
}, {
  prepare: (page) => page.routeWebSocket(/v1\/live/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((data) => {
      const frame = JSON.parse(data);
      if (frame.policy === "redact") socket.send(JSON.stringify({ type: "problem", seq: frame.seq, problem: { title: "There is no such policy", status: 422 } }));
      else server.send(data);
    });
  }),
});

pageTest("takes the newest answer and no older one", async (page) => {
  await write(page, MESSAGE);
  await settle(page, "minimise");
  assert.ok((await marked(page)).includes("999 123 4004"));
  await page.keyboard.type(". Thanks");
  await settle(page, "minimise");
  assert.equal(await page.locator("#mirror").evaluate((mirror) => mirror.textContent.replace("\u200b", "")), `${MESSAGE}. Thanks`);
}, {
  // An old answer comes once more after each new one, as if it had been on its way.
  prepare: (page) => page.routeWebSocket(/v1\/live/, (socket) => {
    const server = socket.connectToServer();
    let first = null;
    server.onMessage((data) => {
      first ??= data;
      socket.send(first.replace('"seq":', '"old":').replace('"type":"outcome"', '"type":"outcome","seq":-1'));
      socket.send(data);
    });
  }),
});

pageTest("checks again what was undone before its answer came", async (page) => {
  await write(page, MESSAGE);
  await settle(page, "minimise");
  await page.keyboard.press("Control+Shift+Enter");
  await page.keyboard.press("Control+z");
  assert.equal(await page.inputValue("#message"), MESSAGE);
  await page.waitForTimeout(900);
  await settle(page, "minimise");
  assert.ok((await marked(page)).includes("999 123 4004"));
}, {
  prepare: (page) => page.routeWebSocket(/v1\/live/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((data) => { setTimeout(() => socket.send(data), 400); });
  }),
});

pageTest("offers no safer text where it is the same", async (page) => {
  await answer(page, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), verdict: "minimise", safer_text: "Mrs D.E." } });
  });
  await write(page, "Mrs D.E.");
  await settle(page, "advise");
  assert.match(await text(page, "verdict"), /minimised already/);
  assert.ok(await page.locator("#safer-box").isHidden() && await page.locator("#use-safer").isHidden());
}, { prepare: noSocket, quiet: noisy });

pageTest("takes an answer that it does not understand for no answer", async (page) => {
  await answer(page, (route) => route.fulfill({ json: { findings: [], verdict: "send" } }));
  await write(page, "Bed 4");
  await settle(page, "away");
  assert.match(await text(page, "verdict"), /not understood[\s\S]*has not been checked/);
}, { prepare: noSocket, quiet: noisy });

test("nhsuk.css is what nhsuk-frontend makes", async () => {
  const made = join(tmpdir(), `presend-nhsuk-${process.pid}.css`);
  await promisify(execFile)(new URL("vendor.sh", import.meta.url).pathname, [made]);
  const kept = await readFile(new URL("../../page/nhsuk/nhsuk.css", import.meta.url), "utf8");
  assert.ok((await readFile(made, "utf8")) === kept, "run vendor.sh");
});
