//! What WhatsApp itself writes into a chat: who joined and left, media that was left out, deleted messages.
//!
//! The wordings are those of the English app, as exports published by other projects show them. A notice in another
//! wording is still scanned like a message.

use std::ops::Range;

use crate::files::{self, counter, extension};
use crate::members;
use crate::whatsapp::marks::{self, NOTICE};

/// What a part of a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// A member: a name or a phone number.
    Name,
    /// A group's or community's name.
    Group,
    /// The name of a media file.
    File,
}

/// Parts of a text with their byte ranges in it.
pub(crate) type Slots = Vec<(Slot, Range<usize>)>;

/// Notices that stand by themselves, under a word that each of them has.
///
/// `{name}` is one member, `{names}` a list, `{group}` a group's name, `*` any rest.
const NOTICES: &[(&str, &[&str])] = &[
    ("view once", &["You received a view once *", "You sent a view once *"]),
    (
        "created",
        &[
            "{name} created group \"{group}\"",
            "{name} created this group",
            "{name} created community \"{group}\"",
            "{name} created this community",
        ],
    ),
    (
        "changed",
        &[
            "{name} changed the subject from \"{group}\" to \"{group}\"",
            "{name} changed the subject to \"{group}\"",
            "{name} changed the group name from \"{group}\" to \"{group}\"",
            "{name} changed the group name to \"{group}\"",
            "{name} changed this group's *",
            "{name} changed the group's *",
            "{name} changed the group description*",
            "{name} changed the settings*",
            "{name} changed their phone number*",
            "{name} changed their number*",
            "{name} changed to {name}",
            "{name}'s security code changed*",
            "Your security code with {name} changed*",
        ],
    ),
    ("deleted", &["{name} deleted this group's icon", "{name} deleted the group description"]),
    (
        "added",
        &[
            "This group was added to the community \"{group}\"",
            "{name} added this group to the community \"{group}\"",
            "{name} added the group \"{group}\" to this community",
            "{name} added the group \"{group}\"",
            "{names} can't be added*",
            "{names} couldn't be added*",
            "{name} added you to a group in the community: {group}",
            "{names} was added via *",
            "{names} were added via *",
            "{names} was added by {name}",
            "{names} were added by {name}",
            "{name} added {names}",
            "{names} was added",
            "{names} were added",
        ],
    ),
    (
        "removed",
        &[
            "{names} was removed by {name}",
            "{names} were removed by {name}",
            "{name} removed {names}",
            "{names} was removed",
            "{names} were removed",
        ],
    ),
    ("left", &["{name} left", "{name} left the group", "{names} left", "{names} left the group"]),
    (
        "joined",
        &[
            "{name} joined",
            "{names} joined",
            "{names} joined using *",
            "{names} joined from *",
            "{names} joined via *",
        ],
    ),
    ("requested", &["{name} requested to join*"]),
    (
        "admin",
        &[
            "You're now an admin",
            "You're no longer an admin",
            "{name} is now an admin",
            "{name} is no longer an admin",
            "{name} made {name} an admin",
            "{name} turned on admin approval*",
            "{name} turned off admin approval*",
        ],
    ),
    ("invite", &["{name} reset this group's invite link*", "{name} reset the group's invite link*"]),
    (
        "chat privacy",
        &["{name} turned on advanced chat privacy*", "{name} turned off advanced chat privacy*"],
    ),
    (
        "Missed",
        &["Missed voice call from {name}", "Missed video call from {name}", "Missed group call from {name}"],
    ),
    ("pinned", &["{name} pinned a message", "{name} unpinned a message"]),
    ("turned", &["{name} turned on disappearing messages*", "{name} turned off disappearing messages*"]),
    ("timer", &["{name} updated the message timer*"]),
    (
        "started",
        &[
            "{name} started a call*",
            "{name} started a voice call*",
            "{name} started a video call*",
            "{name} started a group call*",
        ],
    ),
    ("contact", &["{name} is a contact*"]),
    (
        "end-to-end",
        &[
            "Messages and calls are end-to-end encrypted*",
            "Messages to this chat and calls are now secured with end-to-end encryption*",
            "Messages you send to this chat and calls are now secured with end-to-end encryption*",
            "Messages to this group are now secured with end-to-end encryption*",
            "Messages you send to this group are now secured with end-to-end encryption*",
        ],
    ),
];

/// What stands in place of a message that was deleted.
const DELETED: &[&str] =
    &["This message was deleted by admin {name}", "This message was deleted", "You deleted this message*"];

/// What follows a message that was edited.
const EDITED: &str = "<This message was edited>";

/// What stands for a document that was left out.
const DOCUMENT_OMITTED: &str = "document omitted";

/// What stands in place of media that was left out of the export.
const OMITTED: &[&str] = &[
    "<Media omitted>",
    "Media omitted",
    "image omitted",
    "video omitted",
    "audio omitted",
    "GIF omitted",
    "sticker omitted",
    DOCUMENT_OMITTED,
    "Contact card omitted",
    "video note omitted",
    "null",
];

const ATTACHED_BEFORE: &str = "<attached: ";
const ATTACHED_AFTER: &str = " (file attached)";
const LIVE_LOCATION: &str = "live location shared";

/// What may follow U+200E and yet belongs to a member's own message.
const OWN: &[&str] = &[
    "POLL:",
    "OPTION:",
    "LOCATION:",
    "EVENT:",
    "You received a view once",
    "You sent a view once",
    LIVE_LOCATION,
];

/// A longer name is none, in bytes: the wording was a coincidence.
const LONGEST_NAME: usize = 80;
/// A name of more words is none either.
const MOST_WORDS: usize = 8;
/// Words of other notices: no member is called so.
const NOT_IN_NAMES: &[&str] = &["and", "be", "by", "was", "were"];
/// A full stop after a longer word ends a sentence and is no "Prof. ".
const LONGEST_SHORTENED: usize = 4;
/// What follows the number of a dose, in alphabetical order: no member is called so.
const UNITS: &[&str] = &[
    "cm",
    "g",
    "iu",
    "kg",
    "l",
    "litre",
    "litres",
    "mcg",
    "meq",
    "mg",
    "mgs",
    "microgram",
    "micrograms",
    "ml",
    "mls",
    "mmol",
    "mmols",
    "ug",
    "units",
    "µg",
    "μg",
];
/// A longer text is no notice, in bytes.
const LONGEST_NOTICE: usize = 1024;

/// The parts of a notice, or `None` where the text is none of the known ones.
pub(crate) fn notice(text: &str) -> Option<Slots> {
    if text.len() > LONGEST_NOTICE {
        return None;
    }
    let worded = NOTICES.iter().filter(|(word, _)| text.contains(word));
    worded.flat_map(|(_, templates)| *templates).find_map(|template| fit(template, text))
}

/// Whether the text under a sender is the app's own: a notice that iOS files under the group's or an actor's name.
///
/// Without the app's mark it is one only where all whom it names are known as members.
pub(crate) fn is_notice_of(sender: &str, text: &str, is_known: impl Fn(&str) -> bool) -> bool {
    if text.starts_with(NOTICE) {
        return media(text).is_none() && deleted(text).is_none() && !is_own(text);
    }
    let text = marks::trim(text);
    match text.strip_prefix("Messages ") {
        Some(_) => notice(text).is_some_and(|slots| slots.is_empty()),
        // "Ed: Edoxaban changed to ..." is Ed's own message.
        None => {
            let rest = text.strip_prefix(sender).filter(|_| !sender.is_empty());
            let is_member = |(slot, range): &(Slot, Range<usize>)| {
                let name = text.get(range.clone()).unwrap_or_default();
                *slot != Slot::Name
                    || name == marks::name(sender)
                    || members::phone(name).is_some()
                    || is_known(name)
            };
            rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
                && notice(text).is_some_and(|slots| slots.iter().all(is_member))
        }
    }
}

fn is_own(text: &str) -> bool {
    let text = marks::trim(text);
    text.is_empty()
        || text.starts_with(EDITED)
        || OWN.iter().any(|own| text.get(..own.len()).is_some_and(|start| start.eq_ignore_ascii_case(own)))
}

/// The parts of a deleted message's stand-in; `None` where the text is none.
pub(crate) fn deleted(text: &str) -> Option<Slots> {
    if text.len() > LONGEST_NOTICE {
        return None;
    }
    DELETED.iter().find_map(|template| fit(template, text))
}

/// Whether the text carries the mark of an edited message.
pub(crate) fn is_edited(text: &str) -> bool {
    marks::trim(text).ends_with(EDITED)
}

/// The file names of a media message; `None` where the text is none.
pub(crate) fn media(text: &str) -> Option<Slots> {
    let mut slots = Vec::new();
    let mut found = false;
    let mut file = |name: &str| {
        let name = marks::trim(name);
        if !name.is_empty() {
            slots.push((Slot::File, marks::range(text, name)));
        }
    };
    let mut line = 0;
    for (at, _) in text.match_indices(ATTACHED_BEFORE) {
        let after = text.get(at + ATTACHED_BEFORE.len()..).unwrap_or_default();
        // A `<` begins another: no file's name holds one, and searching on from each would take for ever.
        let parts = after.find(['<', '>', '\n']).and_then(|end| after.split_at_checked(end));
        if let Some((name, rest)) = parts.filter(|(_, rest)| rest.starts_with('>')) {
            found = true;
            let before = text.get(line..at).unwrap_or_default();
            if let Some(title) = title(before.rsplit('\n').next().unwrap_or_default(), false) {
                file(title);
            }
            file(name);
            line = text.len() - rest.len();
        }
    }
    let first = text.lines().next().unwrap_or_default();
    if let Some(name) = first.trim_end().strip_suffix(ATTACHED_AFTER) {
        found = true;
        file(name);
    }
    for line in text.lines() {
        let (before, last) = line.rsplit_once(NOTICE).unwrap_or(("", line));
        if !OMITTED.contains(&marks::trim(last)) {
            continue;
        }
        found = true;
        if let Some(title) = title(before, marks::trim(last) == DOCUMENT_OMITTED) {
            file(title);
        }
    }
    add_repeats(text, &mut slots);
    found.then_some(slots)
}

/// The name in "Rota week 12.pdf • 3 pages", as iOS writes it before "document omitted" and `<attached: …>`. Without the
/// pages it is one before a document alone, and with a document's ending: "urea 7, K 6.1" is a caption.
fn title(before: &str, is_document: bool) -> Option<&str> {
    let (named, has_pages) =
        before.split_once(" \u{2022} ").map_or((before, false), |(named, _)| (named, true));
    let title = named.rsplit(NOTICE).find(|part| !marks::trim(part).is_empty())?;
    let name = marks::trim(title);
    let is_title = match has_pages {
        true => extension(name).contains(|c: char| c.is_ascii_alphabetic()),
        false => is_document && files::is_document(name),
    };
    is_title.then_some(title)
}

/// More files than this in one text are not looked for in its caption.
const MOST_FILES: usize = 4;

/// Adds where the rest of the text, such as a caption, repeats the name of one of its files.
fn add_repeats(text: &str, slots: &mut Slots) {
    let mut names: Vec<&str> = Vec::new();
    for name in slots.iter().filter_map(|(_, range)| text.get(range.clone())).map(|file| counter(file).1) {
        if names.len() == MOST_FILES {
            break;
        }
        if !extension(name).is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    // Not the end of a link, of an address or of another file's name.
    let is_whole = |at: usize, name: &str| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + name.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(|c| c.is_alphanumeric() || "/_.-@=%".contains(c))
            && !after.is_some_and(char::is_alphanumeric)
    };
    for name in names {
        let repeats = text.match_indices(name).filter(|(at, name)| is_whole(*at, name));
        slots.extend(repeats.map(|(at, name)| (Slot::File, at..at + name.len())));
    }
    slots.sort_by_key(|(_, range)| range.start);
    let mut end = 0;
    slots.retain(|(_, range)| {
        let is_new = range.start >= end;
        end = end.max(range.end);
        is_new
    });
}

/// The web addresses of places that were shared: `location: https://…`.
pub(crate) fn locations(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices("ocation: http").filter_map(|(at, lead)| {
        let letter = at.checked_sub(1).and_then(|letter| text.get(letter..at))?;
        let start = at + lead.len() - "http".len();
        let rest = text.get(start..)?;
        let len = rest.find(char::is_whitespace).unwrap_or(rest.len());
        letter.eq_ignore_ascii_case("l").then_some(start..start + len)
    })
}

/// Fits a text's first line to a template and gives the slots' ranges.
fn fit(template: &str, text: &str) -> Option<Slots> {
    let whole = text;
    // A notice is one line; what follows it is whatever the file has after it.
    let text = marks::trim(marks::trim(text).split('\n').next().unwrap_or_default());
    let (template, open) = template.strip_suffix('*').map_or((template, false), |template| (template, true));
    let text = if open { text } else { text.strip_suffix('.').unwrap_or(text) };
    let mut slots = Vec::new();
    let (mut template, mut rest) = (template, text);
    while let Some((literal, after)) = template.split_once('{') {
        rest = strip_literal(rest, literal)?;
        let (slot, after) = after.split_once('}')?;
        let next = after.split('{').next().unwrap_or_default();
        let end = match (next.is_empty(), after.len() == next.len() && !open) {
            (true, _) => rest.len(),
            // The template's last words end the text too, whatever a name before them holds.
            (false, true) => rest.char_indices().map(|(at, _)| at).rfind(|at| ends_with(rest, *at, next))?,
            (false, false) => {
                rest.char_indices().map(|(at, _)| at).find(|at| starts_with(rest, *at, next))?
            }
        };
        let (part, tail) = rest.split_at_checked(end)?;
        match slot {
            "group" => slots.push((Slot::Group, marks::range(whole, marks::trim(part)))),
            // "Ellen and Site Mgr added Zubaida": a contact may be called so where somebody acts on others.
            "name" => push_name(&mut slots, whole, part, after.contains("{names}"))?,
            _ => {
                for name in part.split(", ").flat_map(|part| part.split(" and ")) {
                    push_name(&mut slots, whole, name, false)?;
                }
            }
        }
        (template, rest) = (after, tail);
    }
    let rest = strip_literal(rest, template)?;
    (open || rest.is_empty()).then_some(slots)
}

/// Adds a member's name; `None` where it cannot be one. `may_join` lets it hold "and".
fn push_name(slots: &mut Slots, whole: &str, part: &str, may_join: bool) -> Option<()> {
    let name = marks::name(part);
    if name.is_empty() || name.len() > LONGEST_NAME || name.contains(':') || name.contains('\n') {
        return None;
    }
    if name.split_whitespace().count() > MOST_WORDS || has_sentence(name) || has_dose(name) {
        return None;
    }
    if name.split_whitespace().any(|word| NOT_IN_NAMES.contains(&word) && !(may_join && word == "and")) {
        return None;
    }
    // "This group was added to the community": no member is called so.
    if ["This group", "This community", "this group", "this community", "the group", "the community", "to "]
        .iter()
        .any(|group| name.starts_with(group))
    {
        return None;
    }
    let others = name.strip_suffix(" others").or_else(|| name.strip_suffix(" other"));
    let is_count = others.is_some_and(|count| count.bytes().all(|byte| byte.is_ascii_digit()));
    if !is_count && !is_you(name) {
        slots.push((Slot::Name, marks::range(whole, name)));
    }
    Some(())
}

/// Whether a sentence ends within the words.
fn has_sentence(words: &str) -> bool {
    words.match_indices(". ").any(|(at, _)| {
        let before = words.get(..at).unwrap_or_default();
        let last = before.rsplit(char::is_whitespace).next().unwrap_or_default();
        last.chars().count() > LONGEST_SHORTENED
    })
}

/// Whether a number with a unit stands in the words: "320mg", "1.2 micrograms".
fn has_dose(words: &str) -> bool {
    let mut words = words.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let unit = word.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
        if !word.starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        // A letter alone is a unit only where it is joined: there may be a Ward 7 L.
        let apart = words.peek().filter(|next| unit.is_empty() && next.chars().count() > 1);
        let unit = apart.map_or(unit, |next| next).split('/').next().unwrap_or_default();
        if UNITS.binary_search(&unit.to_lowercase().as_str()).is_ok() {
            return true;
        }
    }
    false
}

/// Whether a member's name is the app's word for the person who made the export.
pub(crate) fn is_you(name: &str) -> bool {
    name.eq_ignore_ascii_case("you")
}

fn starts_with(text: &str, at: usize, literal: &str) -> bool {
    text.get(at..).is_some_and(|text| strip_literal(text, literal).is_some())
}

fn ends_with(text: &str, at: usize, literal: &str) -> bool {
    text.get(at..).is_some_and(|text| strip_literal(text, literal) == Some(""))
}

/// The text after a literal, in which `'` and `"` stand for the typographic marks too.
fn strip_literal<'a>(text: &'a str, literal: &str) -> Option<&'a str> {
    let mut rest = text.chars();
    for wanted in literal.chars() {
        let c = rest.next()?;
        let same = match wanted {
            '\'' => matches!(c, '\'' | '\u{2019}'),
            '"' => matches!(c, '"' | '\u{201c}' | '\u{201d}'),
            ' ' => c.is_whitespace() && c != '\n',
            wanted => c == wanted,
        };
        if !same {
            return None;
        }
    }
    Some(rest.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str, slots: Option<Slots>) -> Option<Vec<&str>> {
        slots.map(|slots| slots.into_iter().map(|(_, range)| text.get(range).unwrap()).collect())
    }

    #[test]
    fn notices_give_their_names() {
        let cases: &[(&str, &[&str])] = &[
            ("Amara Obi created group \"Ward 7: nights\"", &["Amara Obi", "Ward 7: nights"]),
            ("\u{200e}Amara Obi created group “Ward 7”", &["Amara Obi", "Ward 7"]),
            ("+12 345 578 created group \"Groupname\"", &["+12 345 578", "Groupname"]),
            ("\u{200e}Amara created this group", &["Amara"]),
            ("You created group \"Ward 7\"", &["Ward 7"]),
            ("Amara added you", &["Amara"]),
            ("Ben Rowe can't be added to the group", &["Ben Rowe"]),
            ("Ben Rowe and Ivy Tarn couldn’t be added. Invite them.", &["Ben Rowe", "Ivy Tarn"]),
            (
                "Ben Rowe added the group \"Nights Liskeard\" to this community",
                &["Ben Rowe", "Nights Liskeard"],
            ),
            ("You added Tom Reilly", &["Tom Reilly"]),
            ("Amara added Tom Reilly, Priya and ~ Kofi", &["Amara", "Tom Reilly", "Priya", "Kofi"]),
            ("Amara added Tom and 3 others", &["Amara", "Tom"]),
            ("Amara removed \u{202a}+44 7700 900123\u{202c}", &["Amara", "+44 7700 900123"]),
            ("\u{202a}+44 7700 900123\u{202c} left", &["+44 7700 900123"]),
            ("Tom was added", &["Tom"]),
            ("Ellen and Site Mgr added Zubaida Quarshie", &["Ellen and Site Mgr", "Zubaida Quarshie"]),
            ("Tom Reilly was added via invite link", &["Tom Reilly"]),
            (
                "Amara added Prof. Reilly, Ward 7 L and FY1 bleep 1234",
                &["Amara", "Prof. Reilly", "Ward 7 L", "FY1 bleep 1234"],
            ),
            ("You received a view once photo. For added privacy, you can only open it on your phone", &[]),
            ("You were added", &[]),
            ("You're now an admin", &[]),
            (
                "Amara changed the subject from \"Ward 7\" to \"Ward 7: jobs\"",
                &["Amara", "Ward 7", "Ward 7: jobs"],
            ),
            ("Amara changed the group name to “Jobs”", &["Amara", "Jobs"]),
            ("Amara changed this group's icon", &["Amara"]),
            ("Amara changed this group’s settings to allow only admins to edit", &["Amara"]),
            ("Tom joined using this group's invite link", &["Tom"]),
            ("Tom added you to a group in the community: St Elsewhere", &["Tom", "St Elsewhere"]),
            (
                "Tom changed their phone number to a new number. Tap to message or add the new number.",
                &["Tom"],
            ),
            ("Tom changed their phone number. You're currently chatting with their new number.", &["Tom"]),
            ("+44 7700 900123 changed to +44 7700 900456", &["+44 7700 900123", "+44 7700 900456"]),
            ("Your security code with Priya Nair changed. Tap to learn more.", &["Priya Nair"]),
            ("Messages and calls are end-to-end encrypted. No one outside of this chat can read them.", &[]),
            ("Amara turned on disappearing messages. New messages will disappear.", &["Amara"]),
            ("Amara left\r\n\"and so\" on", &["Amara"]),
            ("+44 7700 900318 was added by Kwame Mensah", &["+44 7700 900318", "Kwame Mensah"]),
            ("You were added by Kwame Mensah", &["Kwame Mensah"]),
            ("Tom and Priya were added by Amara Obi", &["Tom", "Priya", "Amara Obi"]),
            ("Tom Reilly was removed by Amara", &["Tom Reilly", "Amara"]),
            ("Kwame Mensah and Aoife Kelly left", &["Kwame Mensah", "Aoife Kelly"]),
            ("Kofi, Kwame Mensah and Aoife Kelly left", &["Kofi", "Kwame Mensah", "Aoife Kelly"]),
            ("Reilly, Tom left the group", &["Reilly, Tom"]),
        ];
        for (text, expected) in cases {
            assert_eq!(parts(text, notice(text)).as_deref(), Some(*expected), "{text:?}");
        }
    }

    #[test]
    fn the_units_are_in_order() {
        assert!(UNITS.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn every_notice_has_the_word_it_stands_under() {
        for (word, templates) in NOTICES {
            assert!(templates.iter().all(|template| template.contains(word)), "{word}");
        }
    }

    #[test]
    fn messages_are_not_notices() {
        for text in [
            "Priya: I've added Tom",
            "he left at 6 and then",
            "Pharmacy added gentamicin 320mg",
            "Pharmacy added gentamicin 1.2 micrograms/kg",
            "We saw her again. Then Tom added aspirin",
            "the night team after a long talk with them all added aspirin",
            "Priya: left",
            "Ben Rowe might be added to the group",
            "Amara added the group rota",
            "drain was removed by theatre staff and the pack left",
            "bloods: changed to oral",
            "added to the list",
            " left",
            "",
        ] {
            assert_eq!(notice(text), None, "{text:?}");
        }
        let long = format!("Amara added {}", "very ".repeat(30));
        assert_eq!(notice(&long), None);
    }

    #[test]
    fn notices_under_a_sender_are_told_from_messages() {
        for (sender, text, is) in [
            ("Ward 7", "\u{200e}Messages and calls are end-to-end encrypted. No one outside.", true),
            ("Priya", "Messages and calls are end-to-end encrypted. No one outside.", true),
            ("Amara", "Amara created group “Ward 7”", true),
            ("Amara", "\u{200e}Amara added Tom", true),
            ("Ward 7", "\u{200e}Irgendwer hat die Gruppe verlassen", true),
            ("Amara", "Amara added Priya", true),
            ("Amara", "Amara added +44 7700 900123", true),
            ("Amara", "Amara added Tom", false),
            (
                "Amara",
                "\u{200e}You received a view once photo. For added privacy, you can only open it",
                false,
            ),
            ("Amara", "I added Tom", false),
            ("Amara", "Messages for the team: see board", false),
            ("Amara", "\u{200e}image omitted", false),
            ("Amara", "\u{200e}<attached: 00000012-PHOTO-2024-03-12-14-05-33.jpg>", false),
            ("Amara", "\u{200e}POLL:\nWho is on?\n\u{200e}OPTION: me (2 votes)", false),
            ("Amara", "\u{200e}Location: https://maps.google.com/?q=53.1,-2.2", false),
            ("Amara", "\u{200e}This message was deleted.", false),
            ("Amara", "ok \u{200e}<This message was edited>", false),
        ] {
            assert_eq!(is_notice_of(sender, text, |name| name == "Priya"), is, "{text:?}");
        }
    }

    #[test]
    fn media_gives_its_file_names() {
        let cases: &[(&str, &[&str])] = &[
            ("<Media omitted>", &[]),
            ("\u{200e}image omitted", &[]),
            ("look \u{200e}image omitted", &[]),
            ("IMG-20240312-WA0001.jpg (file attached)", &["IMG-20240312-WA0001.jpg"]),
            ("\u{200e}IMG-20240312-WA0001.jpg (file attached)\nECG bed 4", &["IMG-20240312-WA0001.jpg"]),
            ("Doris Ekwueme.vcf (file attached)", &["Doris Ekwueme.vcf"]),
            (
                "\u{200e}<attached: 00000012-PHOTO-2024-03-12-14-05-33.jpg>",
                &["00000012-PHOTO-2024-03-12-14-05-33.jpg"],
            ),
            ("Rota week 12.pdf • \u{200e}3 pages \u{200e}document omitted", &["Rota week 12.pdf"]),
            ("Rota.pdf \u{200e}document omitted", &["Rota.pdf"]),
            (
                "A_B.pdf • \u{200e}2 pages \u{200e}<attached: 00000014-A_B.pdf>",
                &["A_B.pdf", "00000014-A_B.pdf"],
            ),
            (
                "ok\n\u{200e}A_B.pdf • 2 pages <attached: 00000014-A_B.pdf>\nA_B.pdf as asked",
                &["A_B.pdf", "00000014-A_B.pdf", "A_B.pdf"],
            ),
            ("A B.pdf (file attached)\nis A B.pdf all?", &["A B.pdf", "A B.pdf"]),
            // Captions that end in a figure, and links that end like the file.
            ("Bed 4 seen, K 6.1 \u{200e}<attached: 00000013-PHOTO-a.jpg>", &["00000013-PHOTO-a.jpg"]),
            ("urea 7, K 6.1 \u{200e}image omitted", &[]),
            ("urea 7, K 6.1 \u{200e}document omitted", &[]),
            ("ECG.jpg (file attached)\nhttps://notes.example.org/whelan/ECG.jpg", &["ECG.jpg"]),
        ];
        for (text, expected) in cases {
            assert_eq!(parts(text, media(text)).as_deref(), Some(*expected), "{text:?}");
        }
        for text in ["the image omitted the apex", "null and void", "file attached", "<attached: x\n>", ""] {
            assert_eq!(media(text), None, "{text:?}");
        }
    }

    #[test]
    fn deleted_edited_and_located() {
        let text = "This message was deleted by admin Priya Nair.";
        assert_eq!(parts(text, deleted(text)), Some(vec!["Priya Nair"]));
        assert_eq!(deleted("\u{200e}This message was deleted."), Some(vec![]));
        assert_eq!(deleted("You deleted this message"), Some(vec![]));
        assert_eq!(deleted("This message was deleted, why"), None);
        assert!(is_edited("K 5.9 \u{200e}<This message was edited>"));
        assert!(!is_edited("<This message was edited> is what it says"));
        let text = "location: https://maps.google.com/?q=53.1,-2.2 ok";
        let at: Vec<&str> = locations(text).map(|range| text.get(range).unwrap()).collect();
        assert_eq!(at, ["https://maps.google.com/?q=53.1,-2.2"]);
        assert_eq!(locations("ocation: http").count(), 0);
    }
}
