//! The escapes that links, forms and search logs write for blanks and marks: `dob%2012%2F03%2F1961`.

/// The hexadecimal digits of an escape and the mark that they stand for.
const MARKS: [([u8; 2], char); 13] = [
    (*b"0a", '\n'),
    (*b"0d", '\r'),
    (*b"20", ' '),
    (*b"26", '&'),
    (*b"27", '\''),
    (*b"28", '('),
    (*b"29", ')'),
    (*b"2b", '+'),
    (*b"2c", ','),
    (*b"2f", '/'),
    (*b"3a", ':'),
    (*b"3d", '='),
    (*b"40", '@'),
];

/// The length of an escape.
pub(super) const LEN: usize = 3;

/// The mark that the escape at `at` stands for, if there is one.
pub(super) fn mark(text: &str, at: usize) -> Option<char> {
    let [b'%', digits @ ..] = text.as_bytes().get(at..at + LEN)? else { return None };
    MARKS.iter().find(|(escape, _)| escape.eq_ignore_ascii_case(digits)).map(|(_, mark)| *mark)
}

/// Finds where `message` holds escapes, in order.
///
/// "94%20L" is a percentage more likely than an escape. So there must be two escapes amid other text, one of them beside a
/// letter, or one after an equals sign. A web address is left as it is: its spaces are what it ends at.
pub(super) fn find(message: &str, found: &mut Vec<usize>) {
    found.clear();
    let (mut amid, mut lettered, mut assigned) = (0, false, false);
    let (mut link, mut equals) = (None, false);
    let mut last = 0;
    for (at, _) in message.match_indices('%') {
        // The text from the last percent sign on, or from the last blank if there is one in it.
        let between = message.get(last..at).unwrap_or_default();
        last = at;
        let run = match between.rfind(char::is_whitespace) {
            Some(blank) => {
                (link, equals) = (None, false);
                between.get(blank..).unwrap_or_default().trim_start()
            }
            None => between,
        };
        equals |= run.contains('=');
        if *link.get_or_insert_with(|| is_link(run)) {
            continue;
        }
        if mark(message, at).is_some() {
            found.push(at);
            let before = run.chars().next_back();
            let after = message.get(at + LEN..).and_then(|rest| rest.chars().next());
            if let (Some(before), Some(after)) = (before, after.filter(|after| !after.is_whitespace())) {
                amid += 1;
                lettered |= before.is_alphabetic() || after.is_alphabetic();
                assigned |= equals;
            }
        }
    }
    if !(amid > 1 && lettered || assigned) {
        found.clear();
    }
}

/// Whether the text begins as a web address does: with a scheme, `www.`, or a host and a path.
fn is_link(text: &str) -> bool {
    let host = text.split('/').next().unwrap_or_default();
    let ending = host.rsplit_once('.').map_or("", |(_, ending)| ending);
    text.contains("://")
        || text.contains("www.")
        || host.len() < text.len()
            && ending.len() > 1
            && ending.bytes().all(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(message: &str) -> usize {
        let mut found = Vec::new();
        find(message, &mut found);
        found.len()
    }

    #[test]
    fn the_marks_are_sorted() {
        assert!(MARKS.is_sorted());
    }

    #[test]
    fn escapes_of_logs_and_forms() {
        assert_eq!(count("nhs%20number%20999%20123%204551"), 4);
        assert_eq!(count("name=Ann%20Smith&dob=12%2F03%2f1961"), 3);
        assert_eq!(count("q=dob%201961-04-03"), 1);
        assert_eq!(count("see mr%20desmond%20pollock%20 on ward%207"), 4);
    }

    #[test]
    fn percentages_and_links_are_none() {
        for message in [
            "",
            "%",
            "%2",
            "sats 94%20L",
            "FiO2 21%28%40%60%",
            "20%20%20%",
            "94% 20 l, 40%",
            "é%20é",
            "https://x.example/find?q=ann%20smith%20dob",
            "www.x.example?q=ann%20smith%20dob",
            "x.nhs.uk/find?q=ann%20smith%20dob",
        ] {
            assert_eq!(count(message), 0, "{message}");
        }
    }
}
