//! The commands and their options, as `clap` reads them.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use presend::{Audience, Channel, Purpose, Unit};
use presend_archive::tables::Field;
use presend_detect::NumberKind;

use crate::keys::Scoped;

const ABOUT: &str = "Finds and minimises patient-identifiable data in messages before they are sent";

const LONG_ABOUT: &str = "\
Finds and minimises patient-identifiable data in messages before they are sent.

presend looks for names, NHS numbers, addresses, wards, dates and the like in messages written by health-care staff, \
says why each counts, and writes a safer text. It runs on this machine alone: no message leaves it.";

const EXAMPLES: &str = "\
Examples:
  presend check \"Mrs Okafor bed 4, NHS 999 123 4551, bloods at 6\"
  presend redact chat.zip -o safer.zip
  presend scan --input jsonl messages.jsonl > findings.jsonl";

#[derive(Debug, Parser)]
#[command(
    name = "presend",
    bin_name = "presend",
    version,
    about = ABOUT,
    long_about = LONG_ABOUT,
    after_help = EXAMPLES,
    propagate_version = true,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Check(CheckArgs),
    Scan(ScanArgs),
    Redact(RedactArgs),
    Eval(EvalArgs),
    Labels(LabelsArgs),
    Policies(PoliciesArgs),
    Policy(PolicyCommandArgs),
    Keys(KeysArgs),
    Reveal(RevealArgs),
    Serve(ServeArgs),
    Audit(AuditArgs),
    Doctor(DoctorArgs),
    Runtime(RuntimeArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

/// Check one message: what identifies somebody in it, why, and a safer text
///
/// Shows the message with its identifiers marked, a line on each with the reason, the message as the policy would have
/// it sent, and what else the sender should know. The policy is chosen by who will read it, how urgent it is and what it
/// is for. On a terminal, red leads to a person, yellow narrows down who it is, cyan is a colleague.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Exit status:
  0  nothing was found, and nothing is to be looked at
  1  something was found
  2  the check failed
Not for deciding what is sent: 0 does not mean that nothing is there, and an emergency gives 1 as well.

Examples:
  presend check \"Mrs Okafor bed 4, NHS 999 123 4551, bloods at 6\"
  presend check --audience group \"Mrs Okafor bed 4, K 6.1, thoughts?\"
  presend check --emergency --explain \"arrest in bed 4, Mrs Okafor\"
  presend check --policy trust.toml \"Mrs Okafor bed 4\"
  wl-paste | presend check -")]
pub(crate) struct CheckArgs {
    /// The message, or - to read it from standard input
    #[arg(allow_hyphen_values = true)]
    pub(crate) text: String,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    #[command(flatten)]
    pub(crate) context: ContextArgs,
    #[command(flatten)]
    pub(crate) keys: KeyArgs,
    /// Say for each decision which line of the policy made it and on what evidence
    #[arg(long)]
    pub(crate) explain: bool,
    /// Print the whole outcome as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
    /// What offsets in the JSON count
    #[arg(long, value_name = "UNIT", default_value = "code-points", value_parser = unit())]
    pub(crate) offsets: Unit,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

/// Find identifiers in a file and print where they are, without the words themselves
///
/// Prints one JSON object a finding: start, end (exclusive), label, role (null unless it is a PERSON), score and rule.
/// With --input jsonl it reads one object {"id", "text"} a line and prints one object {"id", "entities"} a line, in the
/// same order; a line that cannot be read gives {"line", "error"} in its place, and the exit status 2 at the end.
///
/// Input of any size is read as a stream.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Exit status:
  0  all was scanned, whether or not something was found
  2  something could not be scanned

Examples:
  presend scan letter.txt --format table
  presend scan --input lines --offsets utf-16 log.txt
  presend scan --input jsonl messages.jsonl > findings.jsonl
  tail -f messages.jsonl | presend scan --input jsonl -")]
pub(crate) struct ScanArgs {
    /// The file to scan, or - for standard input
    pub(crate) file: PathBuf,
    /// What one message is: the whole file, a line, or the text of a JSON line
    #[arg(long, value_enum, default_value_t = ScanInput::Text)]
    pub(crate) input: ScanInput,
    /// How findings are printed
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    pub(crate) format: Format,
    /// What offsets count
    #[arg(long, value_name = "UNIT", default_value = "code-points", value_parser = unit())]
    pub(crate) offsets: Unit,
    #[command(flatten)]
    pub(crate) threads: ThreadArgs,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScanInput {
    /// The whole file is one message
    Text,
    /// Each line is a message; offsets start anew in each line
    Lines,
    /// Each line is a JSON object with an `id` of any type and a `text`
    Jsonl,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// JSON objects, one a line
    Jsonl,
    /// Columns for a person to read
    Table,
}

/// Write a chat export or another file with its identifiers minimised
///
/// Reads a WhatsApp export (.txt or .zip) or, told so by --input, plain text or JSON lines. The same person or number
/// has the same stand-in throughout. The output appears whole or not at all, readable by its owner alone; what was
/// done is summed up on standard error. Minimised text is safer, not anonymous: have somebody look before it is shared
/// outside the team.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Exit status:
  0  the output was written
  2  it was not, or something in it could not be read

Examples:
  presend redact \"WhatsApp Chat with Ward 7.zip\" -o ward7.zip
  presend redact chat.txt -o safer.txt --policy initials --report report.json
  presend redact --input jsonl messages.jsonl -o - | next-step")]
pub(crate) struct RedactArgs {
    /// The file to read, or - for standard input
    #[arg(value_name = "IN")]
    pub(crate) input_file: PathBuf,
    /// The file to write, or - for standard output
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: PathBuf,
    /// What the input is; found out by looking at it where not given
    #[arg(long, value_enum)]
    pub(crate) input: Option<RedactInput>,
    /// How the safer text is written: a policy that `presend policies` lists, or a .toml file
    #[arg(long, value_name = "NAME", default_value = "archive")]
    pub(crate) policy: String,
    /// A policy file laid over the built-in ones; may be repeated, the organisation's before the team's
    #[arg(long, value_name = "FILE")]
    pub(crate) policy_layer: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) keys: KeyArgs,
    /// What becomes of the pictures, recordings and documents of a .zip, which are not examined
    #[arg(long, value_enum, default_value_t = Media::Drop)]
    pub(crate) media: Media,
    /// Write over files that exist
    #[arg(long)]
    pub(crate) force: bool,
    /// Write what was done as JSON to a file, or - for standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) threads: ThreadArgs,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RedactInput {
    /// The whole file is one message
    Text,
    /// Each line is a message of one conversation
    Lines,
    /// Each line is a JSON object with an `id` of any type and a `text`
    Jsonl,
    /// A WhatsApp export: the .txt, or the .zip with it
    Whatsapp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Media {
    /// They are copied as they are
    Keep,
    /// They are left out
    Drop,
}

/// Score the engine, or another system's output, against marked messages
///
/// Reads gold messages, marked by hand ([[LABEL|words]]) or JSON lines, and prints the figures in per cent with 95 %
/// intervals, then by label, role and metadata. With --min and --max it is a test for continuous integration.
///
/// The lists of --misses and --false-alarms hold words of the gold messages.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Figures, in per cent; a marked span is protected where 90 % of its letters and digits are found:
  direct_recall         direct identifiers protected: names but staff's, numbers, contacts, addresses
  safe_messages         messages with a direct identifier in which every one is protected
  staff_recall          names of staff protected
  quasi_recall          places, organisations, beds, dates, ages, occupations, backgrounds protected
  numbers_and_contacts  numbers, contacts, postcodes and dates of birth protected
  protected, typed      all spans protected; found with the right label
  role_accuracy         names found whose role is right
  span_precision        predicted spans that touch a marked one
  char_precision        predicted letters and digits that are marked
  text_damage           letters and digits outside marks that are predicted
  clean_alarm           messages without a mark that get a prediction

Exit status:
  0  every threshold is met
  1  a threshold is not met
  2  the messages could not be scored

Examples:
  presend eval corpora/dev.txt --misses
  presend eval corpora/dev.txt --min safe_messages=95 --max text_damage=0.5
  presend eval gold.jsonl --predictions other-system.jsonl --json")]
pub(crate) struct EvalArgs {
    /// Files of gold messages
    #[arg(required = true, value_name = "GOLD")]
    pub(crate) gold: Vec<PathBuf>,
    /// Score this output in the format of `presend scan --input jsonl` instead of running the engine; one file for
    /// each GOLD, in the same order
    #[arg(long, value_name = "FILE")]
    pub(crate) predictions: Vec<PathBuf>,
    /// List the identifiers that were missed
    #[arg(long)]
    pub(crate) misses: bool,
    /// List what was taken for an identifier and is none
    #[arg(long)]
    pub(crate) false_alarms: bool,
    /// Break the figures down by this metadata key; may be repeated
    #[arg(long, value_name = "KEY", default_values = ["setting", "style"])]
    pub(crate) by: Vec<String>,
    /// Seed of the invented identifiers in marked files and of the intervals
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Exit with 1 where a figure is below this many per cent; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = threshold)]
    pub(crate) min: Vec<Threshold>,
    /// Exit with 1 where a figure is above this many per cent; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = threshold)]
    pub(crate) max: Vec<Threshold>,
    /// Print the score as JSON; with --misses or --false-alarms it holds both lists
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) threads: ThreadArgs,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

/// A figure of the score and the value it is held against.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Threshold {
    pub(crate) name: &'static str,
    pub(crate) percent: f64,
}

/// List the labels that findings have
#[derive(Args, Debug)]
pub(crate) struct LabelsArgs {
    /// Print them as a JSON array
    #[arg(long)]
    pub(crate) json: bool,
}

/// List the policies, with what each makes of the same message
#[derive(Args, Debug)]
pub(crate) struct PoliciesArgs {
    /// Print them with their rules as a JSON array
    #[arg(long)]
    pub(crate) json: bool,
}

/// Check, compare and describe policy files
#[derive(Args, Debug)]
#[command(after_long_help = "\
Exit status:
  0  all is well
  1  the policies decide differently (diff)
  2  a policy or a corpus could not be read

Examples:
  presend policy show direct-care > trust.toml
  presend policy check trust.toml
  presend policy diff direct-care trust.toml corpora/dev.txt
  presend policy schema > policy.schema.json")]
pub(crate) struct PolicyCommandArgs {
    #[command(subcommand)]
    pub(crate) command: PolicyCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Check policy files, each laid over the built-in policies and the files before it
    ///
    /// Says what is wrong with file, line and column.
    Check {
        /// The files, the organisation's before the team's
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Show how two policies decide on the messages of a corpus
    ///
    /// Counts verdicts and actions that differ, by label, and with --messages lists the messages.
    Diff {
        /// One policy: a name or a .toml file
        #[arg(value_name = "A")]
        one: String,
        /// The other
        #[arg(value_name = "B")]
        other: String,
        /// Files of messages in the format of `presend eval`
        #[arg(required = true, value_name = "CORPUS")]
        corpora: Vec<PathBuf>,
        /// List the messages that come out differently, with both texts; they hold words of the corpus
        #[arg(long)]
        messages: bool,
        #[command(flatten)]
        context: Box<ContextArgs>,
        #[command(flatten)]
        engine: Box<EngineArgs>,
    },
    /// Print the file of a built-in policy
    Show {
        /// The policy
        name: String,
    },
    /// Print the JSON Schema of policy files
    Schema,
}

/// Make and rotate the keys of hashes, tokens and surrogates
///
/// A key file holds a version and a key a line. The highest version writes; older ones still reveal.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  presend keys new trust.keys
  presend keys rotate trust.keys")]
pub(crate) struct KeysArgs {
    #[command(subcommand)]
    pub(crate) command: KeysCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Make a file with a random key, readable by its owner alone
    New {
        /// The file to make
        file: PathBuf,
    },
    /// Add a random key, which writes from then on; the older ones still reveal
    Rotate {
        /// The file to add to
        file: PathBuf,
    },
    /// List the versions in a file, without the keys
    Show {
        /// The file
        file: PathBuf,
    },
}

/// Turn tokens back into what they stand for, and record why
///
/// Reads what `presend redact` wrote under a policy with the action `token`. A line with the time, the reason and how
/// much was revealed, never the words, is added to the record before anything is written.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Exit status:
  0  every token was revealed
  2  some were left in place, or nothing could be revealed

Examples:
  presend reveal minimised.txt -o original.txt --key-file trust.keys --reason \"complaint 17\"")]
pub(crate) struct RevealArgs {
    /// The file to read, or - for standard input; of a zip archive, the .txt in it
    #[arg(value_name = "IN")]
    pub(crate) input_file: PathBuf,
    /// The file to write, or - for standard output
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: PathBuf,
    /// The key file that the tokens were written with
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: PathBuf,
    /// What the keys were derived for: document, conversation, archive or organisation, with :ID where there are several
    #[arg(long, value_name = "SCOPE", default_value = "archive")]
    pub(crate) key_scope: Scoped,
    /// Why somebody may see the words, for the record, which keeps it without the identifiers found in it
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// The record; beside the key file where not given
    #[arg(long, value_name = "FILE")]
    pub(crate) log: Option<PathBuf>,
    /// Write over a file that exists
    #[arg(long)]
    pub(crate) force: bool,
}

/// The keys of operators that need one.
#[derive(Args, Debug)]
pub(crate) struct KeyArgs {
    /// The keys of hashes, tokens, shifted dates, surrogates and numbers of the same form; `presend keys` makes them
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// What keys are derived for: document, conversation, archive or organisation, with :ID where there are several.
    /// Stand-ins are the same within it and differ between any two
    #[arg(long, value_name = "SCOPE", default_value = "archive")]
    pub(crate) key_scope: Scoped,
}

/// Answer over HTTP: check messages for a page, a messenger or a pipeline
///
/// Listens on this computer alone until it is told otherwise. /docs describes the API, /openapi.json describes it to
/// programs. Settings come from the file, then from the environment (PRESEND_LIMITS_RATE for limits.rate), then from
/// --set. Files of keys and certificates are read again when they change, or on SIGHUP; SIGTERM lets requests end.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Exit status:
  0  it was told to stop, or the configuration is sound (--check-config)
  2  it could not start

Examples:
  presend serve
  presend serve --config service.toml --check-config
  presend serve --set limits.rate=20 --set audit.file=audit.jsonl
  curl -H 'Content-Type: application/json' \\
    -d '{\"text\":\"Mrs Okafor bed 4\"}' http://127.0.0.1:8737/v1/check")]
pub(crate) struct ServeArgs {
    /// The address and port to listen on [default: 127.0.0.1:8737]
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Option<String>,
    /// The file with the settings
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Keep conversations in Redis, such as redis://HOST:6379/0, sealed with the keys of --key-file [default: in memory].
    /// A password stands better in PRESEND_CONVERSATIONS_STORE, where other users of this computer do not see it
    #[arg(long, value_name = "URL")]
    pub(crate) conversations: Option<String>,
    /// Set one setting; may be repeated. --list-settings lists them
    #[arg(long, value_name = "SETTING=VALUE", value_parser = setting)]
    pub(crate) set: Vec<(String, String)>,
    /// Check the settings and the files that they name, and stop
    #[arg(long)]
    pub(crate) check_config: bool,
    /// List the settings with their defaults, and stop
    #[arg(long)]
    pub(crate) list_settings: bool,
    /// A policy file laid over the built-in ones; may be repeated, the organisation's before the team's
    #[arg(long, value_name = "FILE")]
    pub(crate) policy_layer: Vec<PathBuf>,
    /// Answer clients of Presidio too, below /presidio: their base address is this one's with /presidio behind it
    #[arg(long)]
    pub(crate) presidio: bool,
    #[command(flatten)]
    pub(crate) keys: KeyArgs,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

/// Verify the record that `presend serve` keeps
#[derive(Args, Debug)]
#[command(after_long_help = "\
Exit status:
  0  every line follows from the one before
  2  a line was changed, added, taken out or cut short, or the file could not be read

Examples:
  presend audit verify audit.jsonl")]
pub(crate) struct AuditArgs {
    #[command(subcommand)]
    pub(crate) command: AuditCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Find the first broken line
    ///
    /// Lines cut off the end do not show; for that, compare the number of entries and the last hash with a note of them
    /// that is kept elsewhere.
    Verify {
        /// The record
        file: PathBuf,
    },
}

/// Say what this installation works with, and test it
///
/// Names the model and the runtime, where ONNX Runtime was found, and how long one message takes, and checks an
/// invented message.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Exit status:
  0  all is well
  2  the test message came out wrong, or the engine could not be made

Examples:
  presend doctor
  presend doctor --model tiny --runtime built-in")]
pub(crate) struct DoctorArgs {
    /// Print it as a JSON object
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

/// Fetch ONNX Runtime, another way to run the model
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  presend runtime install")]
pub(crate) struct RuntimeArgs {
    #[command(subcommand)]
    pub(crate) command: RuntimeCommand,
}

#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum RuntimeCommand {
    /// Fetch ONNX Runtime with pip and put its library where presend looks for it
    ///
    /// Without it the model runs on the built-in runtime. About one message in 200 comes out differently; `tiny` is
    /// quicker on it and `small` about as quick. Needs Python with pip; nothing is downloaded at any other time.
    Install,
}

/// Print a completion script for a shell
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  presend completions bash > ~/.local/share/bash-completion/completions/presend
  presend completions zsh > ~/.zfunc/_presend
  presend completions fish > ~/.config/fish/completions/presend.fish
  presend completions powershell >> $PROFILE")]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// Print the manual page, or write the pages of all commands
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  presend man | man -l -
  presend man --dir ~/.local/share/man/man1")]
pub(crate) struct ManArgs {
    /// Write one page a command into this folder
    #[arg(long)]
    pub(crate) dir: Option<PathBuf>,
}

/// Which policy decides.
#[derive(Args, Debug)]
pub(crate) struct PolicyArgs {
    /// The policy that decides: one that `presend policies` lists, or a .toml file; the context chooses where not given
    #[arg(long, value_name = "NAME")]
    pub(crate) policy: Option<String>,
    /// A policy file laid over the built-in ones; may be repeated, the organisation's before the team's
    #[arg(long, value_name = "FILE")]
    pub(crate) policy_layer: Vec<PathBuf>,
}

/// Where the message goes, to whom and what for.
#[derive(Args, Debug)]
#[command(next_help_heading = "Context")]
pub(crate) struct ContextArgs {
    /// Who will read it: colleague, team, group, social, patient, outside or publication [default: team]
    #[arg(long, value_name = "WHO")]
    pub(crate) audience: Option<Audience>,
    /// What it is for: direct-care, operational, teaching, research or disclosure [default: direct-care]
    #[arg(long, value_name = "WHAT")]
    pub(crate) purpose: Option<Purpose>,
    /// A delay may harm the patient
    #[arg(long)]
    pub(crate) emergency: bool,
    /// What it goes through: whatsapp, signal, telegram, threema, teams, sms, clinical, assistant or other
    #[arg(long, value_name = "APP")]
    pub(crate) channel: Option<Channel>,
    /// The organisation approved that channel for patients' data
    #[arg(long)]
    pub(crate) approved: bool,
    /// How many people will read it
    #[arg(long, value_name = "N")]
    pub(crate) recipients: Option<u32>,
    /// How many of them are outside the organisation
    #[arg(long, value_name = "N")]
    pub(crate) outsiders: Option<u32>,
    /// Somebody joined or left lately
    #[arg(long)]
    pub(crate) recently_changed: bool,
    /// How many pictures, recordings or files go with it
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub(crate) attachments: u32,
    /// How many people the organisation serves, for the estimate of how many fit; the whole country where not given
    #[arg(long, value_name = "N")]
    pub(crate) catchment: Option<u64>,
    /// The day from which ages and "3 days ago" are counted, as 2026-03-31; this computer's where not given
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<String>,
}

/// What the engine knows beyond its own rules.
#[derive(Args, Debug)]
#[command(next_help_heading = "Engine options")]
pub(crate) struct EngineArgs {
    /// Terms that always identify, one a line: `LABEL|term`, `PERSON:ROLE|term`, or a bare term for an OTHER_ID. In
    /// all lists a line that starts with # is a comment; case, accents and the blanks between words make no difference;
    /// every other spelling needs a line of its own
    #[arg(long, value_name = "FILE")]
    pub(crate) deny: Vec<PathBuf>,
    /// Terms that never identify, one a line; a number in each way that it is spaced
    #[arg(long, value_name = "FILE")]
    pub(crate) allow: Vec<PathBuf>,
    /// Names of staff, one a line, such as `Anna Svensson`, `Dr Anna Svensson (ST4)` or `Svensson, Anna`; a surname
    /// alone is found with the title that it is listed with
    #[arg(long, value_name = "FILE")]
    pub(crate) staff: Vec<PathBuf>,
    /// Names of the organisation's sites, one a line
    #[arg(long, value_name = "FILE")]
    pub(crate) sites: Vec<PathBuf>,
    /// Names of wards, one a line
    #[arg(long, value_name = "FILE")]
    pub(crate) wards: Vec<PathBuf>,
    /// Known patients, as a .csv or .parquet table with headers such as NHS Number, Forename, Surname and DOB
    #[arg(long, value_name = "FILE")]
    pub(crate) patients: Option<PathBuf>,
    /// Which column holds what, where its header does not say: given, family, full-name, other-name, other-family, dob,
    /// nhs, chi, hsc, mrn, ni, phone, postcode or other; may be repeated
    #[arg(long, value_name = "FIELD=HEADER", value_parser = column, requires = "patients")]
    pub(crate) patients_column: Vec<(Field, String)>,
    /// The key under which known patients are hashed in memory: 32 hexadecimal digits; random where not given
    #[arg(long, value_name = "FILE", requires = "patients")]
    pub(crate) patients_key_file: Option<PathBuf>,
    /// Leave out findings that are less sure than this, from 0 to 1
    #[arg(long, value_name = "SHARE", default_value = "0", hide_default_value = true, value_parser = share)]
    pub(crate) min_confidence: f32,
    #[command(flatten)]
    pub(crate) model: ModelArgs,
}

/// Which model reads the messages after the rules.
#[derive(Args, Clone, Debug)]
pub(crate) struct ModelArgs {
    /// The model that reads each message after the rules: small, tiny, none, or a folder with model.onnx,
    /// tokenizer.json and settings.json
    #[arg(long, value_name = "NAME", default_value = "small", value_parser = model)]
    pub(crate) model: ModelChoice,
    /// What runs the model: auto (ONNX Runtime where it is found, else built-in), built-in, or the path of an ONNX
    /// Runtime library. About one message in 200 comes out differently
    #[arg(long, value_name = "NAME", default_value = "auto", value_parser = runtime)]
    pub(crate) runtime: RuntimeChoice,
    /// Ask the model about every message, also where the rules have settled all; for measuring
    #[arg(long, hide = true)]
    pub(crate) always_ask: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ModelChoice {
    None,
    Small,
    Tiny,
    Folder(PathBuf),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RuntimeChoice {
    Auto,
    BuiltIn,
    Library(PathBuf),
}

fn model(name: &str) -> Result<ModelChoice, &'static str> {
    Ok(match name {
        "none" => ModelChoice::None,
        "small" => ModelChoice::Small,
        "tiny" => ModelChoice::Tiny,
        folder if PathBuf::from(folder).is_dir() => ModelChoice::Folder(PathBuf::from(folder)),
        _ => return Err("not a model and not a folder; give small, tiny, none or a folder"),
    })
}

fn runtime(name: &str) -> Result<RuntimeChoice, &'static str> {
    Ok(match name {
        "auto" => RuntimeChoice::Auto,
        "built-in" => RuntimeChoice::BuiltIn,
        library if PathBuf::from(library).is_file() => RuntimeChoice::Library(PathBuf::from(library)),
        _ => return Err("not a runtime and not a file; give auto, built-in or the path of a library"),
    })
}

#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct ThreadArgs {
    /// How many threads look for identifiers; one for each core where not given. The output is the same
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=MOST_THREADS))]
    pub(crate) threads: Option<u16>,
}

/// More threads than machines have cores only take turns.
const MOST_THREADS: i64 = 512;

impl ThreadArgs {
    /// How many; 0 for one a core.
    pub(crate) fn number(self) -> usize {
        self.threads.map_or(0, usize::from)
    }
}

fn setting(text: &str) -> Result<(String, String), &'static str> {
    let (path, value) = text.split_once('=').ok_or("not of the form SETTING=VALUE, as in limits.rate=20")?;
    Ok((path.to_owned(), value.to_owned()))
}

fn unit() -> impl TypedValueParser<Value = Unit> {
    PossibleValuesParser::new(Unit::ALL.map(Unit::name)).try_map(|name| name.parse::<Unit>())
}

fn share(text: &str) -> Result<f32, &'static str> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or("not a number from 0 to 1")
}

/// What columns of a table of patients are called on the command line.
const FIELDS: &[(&str, Field)] = &[
    ("given", Field::Given),
    ("family", Field::Family),
    ("full-name", Field::FullName),
    ("other-name", Field::OtherName),
    ("other-family", Field::OtherFamily),
    ("dob", Field::BirthDate),
    ("nhs", Field::Number(NumberKind::Nhs)),
    ("chi", Field::Number(NumberKind::Chi)),
    ("hsc", Field::Number(NumberKind::Hsc)),
    ("mrn", Field::Number(NumberKind::Mrn)),
    ("ni", Field::Number(NumberKind::NationalInsurance)),
    ("phone", Field::Number(NumberKind::Phone)),
    ("postcode", Field::Number(NumberKind::Postcode)),
    ("other", Field::Number(NumberKind::Other)),
];

fn column(text: &str) -> Result<(Field, String), &'static str> {
    let (name, header) =
        text.split_once('=').ok_or("not of the form FIELD=HEADER, as in dob=\"Birth date\"")?;
    let (_, field) = FIELDS.iter().find(|(known, _)| *known == name).ok_or("no such field; see --help")?;
    Ok((*field, header.to_owned()))
}

fn threshold(text: &str) -> Result<Threshold, String> {
    let (name, value) = text.split_once('=').ok_or("not of the form NAME=VALUE, as in direct_recall=98")?;
    let names: Vec<&str> =
        presend_eval::Figures::default().named().into_iter().map(|(name, _)| name).collect();
    let name = *names
        .iter()
        .find(|known| **known == name)
        .ok_or_else(|| format!("no such figure; the figures are {}", names.join(", ")))?;
    let percent = value.parse().ok().filter(|percent| (0.0..=100.0).contains(percent));
    Ok(Threshold { name, percent: percent.ok_or("the value is not a number from 0 to 100")? })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_commands_are_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn thresholds_name_a_figure() {
        let read = threshold("text_damage=0.5").unwrap();
        assert_eq!((read.name, read.percent), ("text_damage", 0.5));
        for bad in ["direct_recall", "recall=9", "direct_recall=x", "direct_recall=101", "direct_recall=NaN"]
        {
            assert!(threshold(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn columns_name_a_field() {
        assert_eq!(column("nhs=Pt no = NHS"), Ok((Field::Number(NumberKind::Nhs), "Pt no = NHS".to_owned())));
        assert!(column("nhs").is_err() && column("name=x").is_err());
    }

    #[test]
    fn shares_lie_between_nothing_and_all() {
        assert_eq!(share("0.25"), Ok(0.25));
        for bad in ["-0.1", "1.1", "NaN", "half"] {
            assert!(share(bad).is_err(), "{bad}");
        }
    }
}
