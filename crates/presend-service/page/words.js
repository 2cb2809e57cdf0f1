// What the page says, in plain words, of the names that the service gives.

const LABELS = {
  PERSON: "Name", USERNAME: "Username", NHS_NUMBER: "NHS number", CHI_NUMBER: "CHI number",
  HSC_NUMBER: "Health and Care number", NI_NUMBER: "National Insurance number", MRN: "Hospital number",
  PROFESSIONAL_ID: "Registration number", PASSPORT: "Passport number", DRIVING_LICENCE: "Driving licence",
  VEHICLE_REGISTRATION: "Number plate", PAYMENT_CARD: "Card number", BANK_ACCOUNT: "Bank details",
  DEVICE_ID: "Device number", OTHER_ID: "Reference", PHONE: "Phone number", EMAIL: "E-mail address", URL: "Link",
  IP_ADDRESS: "IP address", ADDRESS: "Address", POSTCODE: "Postcode", DATE_OF_BIRTH: "Date of birth",
  PLACE: "Place", ORGANISATION: "Organisation", WARD_BED: "Ward or bed", DATE: "Date", AGE: "Age",
  PROFESSION: "Occupation", DEMOGRAPHIC: "Background",
};
const ROLES = { patient: "the patient’s", relative: "a relative’s", staff: "a colleague’s", other: "somebody else’s" };
const ACTIONS = {
  keep: "Stays", flag: "Stays: have a look", redact: "Taken out", replace: "Replaced", mask: "Partly hidden",
  initials: "Cut to initials", generalise: "Made less exact", hash: "Replaced by a code", shift: "Date moved",
  surrogate: "Replaced by an invented one", pseudonym: "Replaced by a number", format: "Replaced by another number",
  token: "Replaced by a token",
};
const HANDLES = {
  "health-number": "the NHS number", "last-four-and-initials": "initials and the last four digits of the NHS number",
  "record-number": "the hospital number", "initials-and-bed": "initials and the bed",
  "initials-and-birth-year": "initials and the year of birth",
};
const CLASSES = {
  identified: "points to one person", likely: "a handful: somebody who knows them is likely to tell who it is",
  possible: "few enough to work out who it is with some effort", remote: "too many to tell who it is by this alone",
};
const UNSEEN = {
  attachments: "Pictures, recordings and files that go with the message.",
  model: "The language model did not read this message: names that only it would find may be missing below.",
};
const AUDIENCES = {
  colleague: "one colleague who looks after the patient", team: "the team that looks after the patient",
  group: "a clinical group, some not in the patient’s care", social: "a social or mixed group",
  patient: "the patient or a relative", outside: "somebody outside the organisation", publication: "the public",
};
const CHANNELS = {
  whatsapp: "WhatsApp", signal: "Signal", telegram: "Telegram", threema: "Threema", teams: "Microsoft Teams",
  sms: "text message", clinical: "a clinical messenger", assistant: "an assistant’s prompt", other: "an app not known",
};
const PURPOSES = {
  "direct-care": "the patient’s care", operational: "running the place", teaching: "teaching", research: "research",
  disclosure: "a request for records",
};

const plain = (name) => String(name ?? "").toLowerCase().replaceAll(/[_-]/g, " ");
const sentence = (words) => words.charAt(0).toUpperCase() + words.slice(1);
export const count = (number, one, many) => `${number.toLocaleString("en-GB")} ${number === 1 ? one : many}`;

/** The name of a label; one that the page does not know keeps its own. */
export const label = (name) => LABELS[name] ?? sentence(plain(name));

/** The label of a finding, with whose name it is. */
export const findingName = (finding) => label(finding.label) + (ROLES[finding.role] ? ` (${ROLES[finding.role]})` : "");

export const action = (name) => ACTIONS[name] ?? sentence(plain(name));
export const handle = (name) => HANDLES[name] ?? plain(name);
export const unseen = (name) => UNSEEN[name] ?? sentence(`${plain(name)}.`);

/** How the finding is marked: `direct`, `quasi`, or `keep` where nothing is asked of the sender. */
export const mark = (finding) => (finding.action === "keep" ? "keep" : finding.kind === "direct" ? "direct" : "quasi");

export const kind = (finding) => (finding.kind === "direct" ? "Identifies by itself" : "Narrows down who it is");

/** Where the message goes, as a sentence. */
export function context(context) {
  const { recipients } = context;
  const parts = [`To ${AUDIENCES[context.audience]}, by ${CHANNELS[context.channel]}`];
  parts.push(context.approved ? "(approved for patients’ data)" : "(not approved for patients’ data)");
  parts.push(`for ${PURPOSES[context.purpose]}.`);
  const about = [];
  if (recipients.count !== null) about.push(count(recipients.count, "reader", "readers"));
  if (recipients.outsiders) about.push(`${recipients.outsiders.toLocaleString("en-GB")} from outside`);
  if (recipients["recently-changed"]) about.push("somebody joined or left lately");
  if (context.attachments > 0) about.push(count(context.attachments, "attachment", "attachments"));
  return parts.join(" ") + (about.length > 0 ? ` ${sentence(about.join(", "))}.` : "");
}

/** The verdict's title and what to do about it; `changed` says whether the safer text is another. */
export function verdict(outcome, changed) {
  const looked = outcome.findings.filter((finding) => finding.action !== "keep");
  const rewritten = looked.filter((finding) => finding.action !== "flag");
  const partly = outcome.not_looked_at.length > 0;
  switch (outcome.verdict) {
    case "send":
      return {
        name: "send",
        title: "Send: nothing needs a second look",
        text: partly
          ? "So far as it was looked at. See “Not looked at”."
          : outcome.findings.length === 0
            ? "No identifier was found. No check finds everything: read it once more."
            : "What was noticed may stay, for these readers.",
      };
    case "advise":
      return {
        name: "advise",
        title: "Look before you send",
        text: looked.length > 0
          ? `${count(looked.length, "detail stays", "details stay")} in the message. Check that ${looked.length === 1 ? "it is" : "they are"} needed.`
          : "Read the advice first.",
      };
    case "minimise":
      // Initials cut to initials, say: there is no other text to send.
      if (!changed) return { name: "advise", title: "Look once more, then send", text: "It is minimised already: nothing more can be taken out for these readers." };
      return {
        name: "minimise",
        title: "Minimise: send the safer text instead",
        text: `${count(rewritten.length, "detail says", "details say")} more than these readers need.`,
      };
    case "block":
      return {
        name: "block",
        title: "Do not send this here",
        text: "It should not go this way to these people, not even minimised.",
      };
    default:
      return { name: "block", title: "Not understood", text: "The service gave a verdict that this page does not know. Take it as: do not send." };
  }
}

/** How many people an estimate fits, as a sentence that begins with `start`. */
export function people(start, estimate) {
  const one = estimate.class === "identified" ? "points to one person." : null;
  const about = estimate.people < 1.5 ? "one person" : `about ${rounded(estimate.people)} people`;
  const low = rounded(estimate.low);
  const high = rounded(estimate.high);
  const interval = low === high ? "" : ` (most likely between ${low} and ${high})`;
  return { start, one, about: `${about}${interval}`, class: CLASSES[estimate.class] ?? plain(estimate.class) };
}

/** A number to two figures, as people say it. */
function rounded(number) {
  const whole = Math.max(1, Math.round(number));
  if (whole >= 1_000_000) return `${Number((whole / 1_000_000).toPrecision(2))} million`;
  return Number(whole.toPrecision(2)).toLocaleString("en-GB");
}
