//! `presend policy`: files checked, compared, shown and described.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anstyle::Style;
use anyhow::{Context as _, Result, anyhow};
use presend::{Context, Conversation, Engine, Outcome, Policies, Policy, Scratch};
use presend_eval::gold::{self, Message};

use crate::args::{ContextArgs, EngineArgs, PolicyCommand, PolicyCommandArgs};
use crate::engine::finder;
use crate::policy::{find, layer};
use crate::style::{self, Stream, Table};
use crate::{Exit, input};

/// Seed of the invented identifiers in marked files; which ones they are makes no difference to decisions.
const SEED: u64 = 1;

pub(crate) fn run(args: &PolicyCommandArgs) -> Result<Exit> {
    match &args.command {
        PolicyCommand::Check { files } => check(files),
        PolicyCommand::Diff { one, other, corpora, messages, context, engine } => {
            diff([one, other], corpora, *messages, context, engine)
        }
        PolicyCommand::Show { name } => {
            let file = Policies::built_in_file(name);
            let file =
                file.ok_or_else(|| anyhow!("no built-in policy is called `{name}`; see `presend policies`"))?;
            print(file)
        }
        PolicyCommand::Schema => print(&format!("{:#}\n", presend_policy::schema())),
    }
}

fn print(text: &str) -> Result<Exit> {
    let (mut out, _) = style::stdout();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(Exit::Good)
}

fn check(files: &[PathBuf]) -> Result<Exit> {
    let mut policies = Policies::built_in();
    let mut lines = String::new();
    for path in files {
        let layer = layer(path)?;
        for doubt in policies.doubts(&layer) {
            lines.push_str(&format!("{} {doubt}\n", style::paint(style::HEADING, "warning")));
        }
        let policy = policies.add(&layer)?;
        let rules = policy.rules().count();
        let of_file = policy.rules().filter(|rule| *rule.line.layer == *path.display().to_string()).count();
        lines.push_str(&format!(
            "{} {}: policy {}, {of_file} rules of its own and {} from below\n",
            style::paint(style::GOOD, "good"),
            path.display(),
            policy.name(),
            rules - of_file
        ));
    }
    print(&lines)
}

/// What differs between two policies over a corpus.
#[derive(Default)]
struct Differences {
    messages: usize,
    texts: usize,
    verdicts: BTreeMap<[&'static str; 2], usize>,
    actions: BTreeMap<(&'static str, [&'static str; 2]), usize>,
}

fn diff(
    names: [&String; 2],
    corpora: &[PathBuf],
    list: bool,
    context: &ContextArgs,
    engine: &EngineArgs,
) -> Result<Exit> {
    let mut policies = Policies::built_in();
    let [one, other] = [find(&mut policies, names[0])?, find(&mut policies, names[1])?];
    let context = context.context()?;
    let engine = finder(engine)?;
    let mut found = Differences::default();
    let mut listed = String::new();
    let mut scratch = Scratch::default();
    for path in corpora {
        for message in read(path)? {
            found.messages += 1;
            let outcomes =
                [&one, &other].map(|policy| decide(&engine, policy, &mut scratch, &message.text, context));
            if found.add(&outcomes) && list {
                listed.push_str(&shown(&message.id, &outcomes));
            }
        }
    }
    let (mut out, _) = style::stdout();
    out.write_all(listed.as_bytes())?;
    out.write_all(found.table(names).as_bytes())?;
    out.flush()?;
    Ok(if found.verdicts.is_empty() && found.actions.is_empty() && found.texts == 0 {
        Exit::Good
    } else {
        Exit::Found
    })
}

fn decide(engine: &Engine, policy: &Policy, scratch: &mut Scratch, text: &str, context: Context) -> Outcome {
    engine.check_under(policy, scratch, text, &mut Conversation::within(context))
}

fn read(path: &Path) -> Result<Vec<Message>> {
    let text = input::read_text(path)?;
    gold::parse(&text, SEED).with_context(|| input::name(path))
}

impl Differences {
    /// Counts what differs in one message, and says whether anything does.
    fn add(&mut self, outcomes: &[Outcome; 2]) -> bool {
        let [one, other] = outcomes;
        let verdicts = [one.verdict.name(), other.verdict.name()];
        let mut differs = one.text != other.text;
        self.texts += usize::from(differs);
        if verdicts[0] != verdicts[1] {
            *self.verdicts.entry(verdicts).or_default() += 1;
            differs = true;
        }
        for ((finding, one), other) in one.findings.iter().zip(&one.decisions).zip(&other.decisions) {
            let actions = [one.action.name(), other.action.name()];
            if actions[0] != actions[1] {
                *self.actions.entry((finding.label.name(), actions)).or_default() += 1;
                differs = true;
            }
        }
        differs
    }

    fn table(&self, names: [&String; 2]) -> String {
        let mut out = format!(
            "{} messages; {} come out with another text, {} with another verdict\n",
            self.messages,
            self.texts,
            self.verdicts.values().sum::<usize>()
        );
        if self.verdicts.is_empty() && self.actions.is_empty() {
            return out;
        }
        let mut table = Table::new(Stream::Stdout, 0, 8);
        table.heading(&["", names[0], names[1], "count"]);
        let rows = self.verdicts.iter().map(|(names, count)| ("verdict", names, count));
        let rows = rows.chain(self.actions.iter().map(|((label, names), count)| (*label, names, count)));
        for (what, [one, other], count) in rows {
            let cells = [what.to_owned(), (*one).to_owned(), (*other).to_owned(), count.to_string()];
            table.row(cells.map(|cell| (cell, Style::new())));
        }
        out.push('\n');
        out.push_str(&table.render());
        out
    }
}

/// A message that comes out differently, with both texts.
fn shown(id: &str, outcomes: &[Outcome; 2]) -> String {
    let mut out = format!("{}\n", style::paint(style::HEADING, id));
    for outcome in outcomes {
        out.push_str(&format!("  {}: {}\n", outcome.verdict, style::visible(&outcome.text)));
    }
    out
}
