//! A yardstick that does not depend on how the engine runs its patterns: all of them in one lazily built DFA, run over
//! the text from end to end.
//!
//! The engine's own automaton, [`presend_detect::Detector::automaton_pass`], starts at words and numbers only, which
//! takes the text folded and split, and so does its bare pass.

use std::fs;
use std::path::Path;

use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson;
use regex_automata::util::syntax;
use regex_automata::{Input, MatchKind, PatternSet};
use toml::Table;

/// More than the states that chat builds take (13 MB), so that none is built twice.
const STATES: usize = 64 << 20;

/// Every pattern of the detector files that needs a digit.
pub struct Unanchored {
    dfa: DFA,
    cache: Cache,
    present: PatternSet,
}

impl Unanchored {
    /// Compiles the patterns of presend-detect's detector files, with its settings.
    ///
    /// # Panics
    ///
    /// Where the files are missing or broken.
    #[must_use]
    pub fn new() -> Self {
        let dfa = DFA::builder()
            .syntax(syntax::Config::new().unicode(false).utf8(false).multi_line(true))
            .thompson(thompson::Config::new().utf8(false))
            .configure(DFA::config().match_kind(MatchKind::All).cache_capacity(STATES))
            .build_many(&patterns())
            .expect("the patterns compile");
        let (cache, present) = (dfa.create_cache(), PatternSet::new(dfa.pattern_len()));
        Self { dfa, cache, present }
    }

    /// How many of the patterns occur in the text, upper case counting as other letters.
    ///
    /// # Panics
    ///
    /// Where the automaton gives up, which it does not at its default settings.
    pub fn pass(&mut self, text: &str) -> usize {
        self.present.clear();
        self.dfa
            .try_which_overlapping_matches(&mut self.cache, &Input::new(text.as_bytes()), &mut self.present)
            .expect("the automaton runs to the end");
        self.present.len()
    }
}

impl Default for Unanchored {
    fn default() -> Self {
        Self::new()
    }
}

fn patterns() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/presend-detect/detectors");
    let mut patterns = Vec::new();
    for entry in fs::read_dir(folder).expect("detectors/ is readable") {
        let text = fs::read_to_string(entry.expect("detectors/ is readable").path())
            .expect("a detector file is text");
        let file: Table = text.parse().expect("a detector file is TOML");
        for entry in file.get("pattern").and_then(|entries| entries.as_array()).into_iter().flatten() {
            if entry.get("gate").is_none_or(|gate| gate.as_str() == Some("digit")) {
                patterns.extend(entry.get("regex").and_then(|regex| regex.as_str()).map(str::to_owned));
            }
        }
    }
    // The order of a folder is not the same everywhere.
    patterns.sort();
    patterns
}
