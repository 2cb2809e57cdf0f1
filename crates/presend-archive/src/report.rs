use std::collections::BTreeMap;

use presend::Label;
use serde::{Serialize, Serializer};

/// What was done to an archive, in numbers: no text, no names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// Messages: text that someone sent; for plain lines and JSONL, the lines that were scanned.
    pub messages: u64,
    /// Notices that the app wrote.
    pub system: u64,
    /// Media messages, and places of media that was left out of the export.
    pub media: u64,
    /// Lines before the first header, or of a file without any. They are scanned all the same.
    pub unparsed: u64,
    /// Lines with a header of another layout than the file's own, as where another chat was pasted: scanned as text.
    pub other_headers: u64,
    /// Further pieces of messages too long to be scanned whole; what lies across a cut may have been missed.
    pub cut: u64,
    /// Texts with bytes that are not UTF-8: they were read as Windows-1252 and, where nothing was found, kept.
    pub invalid_utf8: u64,
    /// What may not have been seen through: texts with NUL bytes (UTF-16 or no text at all), rewritten as any other.
    pub not_examined: u64,
    /// Texts that the model could not read; the rules have looked at them all the same.
    pub model_failed: u64,
    /// JSONL lines in error: no JSON object, no text in it, or too long. Where they are rewritten, it is as plain text.
    pub errors: u64,
    /// JSONL lines with members other than `id` and `text`, or a name in the `id`, which were left as they are.
    pub other_members: u64,
    /// Different senders and members named in notices.
    pub members: u64,
    /// Headers whose sender was rewritten.
    pub senders_rewritten: u64,
    /// Identifiers found in texts, by label.
    #[serde(serialize_with = "by_name")]
    pub findings: BTreeMap<Label, u64>,
    /// Spans of texts that were rewritten.
    pub edits: u64,
    /// Files of a zip archive that went into the new one without a look.
    pub files_kept: u64,
    /// Files of a zip archive that were left out.
    pub files_dropped: u64,
    /// Different files whose names were changed.
    pub files_renamed: u64,
    /// Bytes of text read.
    pub bytes_in: u64,
    /// Bytes of text written.
    pub bytes_out: u64,
}

impl Report {
    /// How many identifiers were found in texts.
    #[must_use]
    pub fn found(&self) -> u64 {
        self.findings.values().sum()
    }
}

fn by_name<S: Serializer>(findings: &BTreeMap<Label, u64>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(findings.iter().map(|(label, count)| (label.name(), count)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_reads_as_numbers() {
        let mut report = Report { messages: 2, ..Report::default() };
        report.findings.insert(Label::NhsNumber, 3);
        let json = serde_json::to_string(&report).unwrap();
        assert!(
            json.contains(r#""messages":2"#) && json.contains(r#""findings":{"NHS_NUMBER":3}"#),
            "{json}"
        );
        assert_eq!(report.found(), 3);
    }
}
