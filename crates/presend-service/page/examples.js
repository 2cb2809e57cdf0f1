// Invented messages. Nobody in them exists; the NHS numbers are of the range kept for tests, the phone numbers of
// Ofcom's for drama.

const team = { audience: "team", purpose: "direct-care", channel: "whatsapp", approved: false };

/** Each with a title, the context that goes with it, and the text. */
export const EXAMPLES = [
  {
    title: "Evening handover", about: "to the team",
    context: team,
    text: "Mrs Doris Ekwueme bed 12, NHS 999 123 4004. K+ 6.4 at 18:40, ECG ok, calcium gluconate given. Repeat VBG due 20:00 please. Tom, bleep 4471",
  },
  {
    title: "Night jobs", about: "to the team, approved messenger",
    context: { ...team, channel: "clinical", approved: true },
    text: "Nights ward 7B\n- bay 2 bed 4 Alan Whitcombe, MRN 48210937: trop 61, repeat 02:00\n- bed 9 Mrs Sunita Rao-Bellis dob 14/02/1948, family want update, daughter Anjali 07700 900142\n- s/r 3 catheter, no urine since 21:00",
  },
  {
    title: "A bed, please", about: "to the bed group",
    context: { ...team, audience: "group", purpose: "operational", recipients: { count: 64 } },
    text: "Any male bed tonight? Kofi Lartey-Dunne, 71, NSTEMI in resus 2, NHS no 9994412078, lives at 16 Harrow Lane, needs monitored bed. Site team please ring ext 2310",
  },
  {
    title: "A story for the mess", about: "to a social group",
    context: { ...team, audience: "social", recipients: { count: 38, outsiders: 3 } },
    text: "Guess who was in ED last night: Mr Gareth Pennywell, headteacher at St Orla's Primary School, drunk as a lord with a broken wrist, K+ 2.9!",
  },
  {
    title: "A case to learn from", about: "teaching",
    context: { ...team, audience: "group", purpose: "teaching" },
    text: "Great learning point: 94 yo retired lighthouse keeper from Mousehole, admitted 3 March with painless jaundice, CA19-9 of 2100. His wife Wilma noticed it first. What would you do next?",
  },
  {
    title: "Text to a patient", about: "to the patient, by SMS",
    context: { ...team, audience: "patient", channel: "sms", approved: true },
    text: "Dear Mr Haruto Blackwood-Sim, your blood test of 12 May was normal. Your NHS number is 999 310 5821. Please ring Nurse Imelda Crane on 01632 960118 to book your next visit.",
  },
  {
    title: "Question from a practice", about: "outside the organisation",
    context: { ...team, audience: "outside", channel: "other" },
    text: "Dear Dr Okonjo-Reed, re Bethan Lloyd-Marsh, DOB 09/11/1962, NHS 999 550 3182, 4 Mill Row, Tregaron SY25 6ZZ. Discharged on apixaban 5 mg bd. Her sister Carys (999 601 4924) has the same mutation. Please check U&E in 2/52.",
  },
  {
    title: "Emergency", about: "nothing is held up",
    context: { ...team, urgency: "emergency" },
    text: "Need help NOW ward 5 bed 3, Mr Idris Pemberton 999 712 0833, massive haematemesis, BP 70/40, reg and blood please",
  },
  {
    title: "Asking an assistant", about: "a prompt",
    context: { ...team, audience: "colleague", channel: "assistant" },
    text: "Write a discharge summary for Priya Thorne-Adeyemi, 34F, NHS number 999 083 3168, from Ludlow, primary school teacher, CAP treated with amoxicillin 1 g tds, allergic to doxycycline (rash).",
  },
  {
    title: "Nothing to find", about: "to the team",
    context: team,
    text: "Thanks all. Handover is at 20:00 in the seminar room, please bring the jobs list. Noradrenaline is on the bottom shelf of the fridge now.",
  },
];
