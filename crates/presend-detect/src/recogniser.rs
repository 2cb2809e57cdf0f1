use crate::Finding;

/// A source of findings beside the built-in rules: a patient list, a caller's own rule.
///
/// What it finds is resolved against everything else like a built-in finding; see the crate's documentation.
pub trait Recogniser: Send + Sync {
    /// A short name for the logs and `presend doctor`, such as `known_patients`.
    fn id(&self) -> &'static str;

    /// Adds what it finds in the message to `findings`, in any order.
    ///
    /// Spans that are out of range or off a character boundary are dropped.
    fn recognise(&self, text: &str, findings: &mut Vec<Finding>);
}
