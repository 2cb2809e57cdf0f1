//! The command line of presend: everything of the binary `presend` but its `main` function.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a leaf: it reads arguments and files, keeps time and prints"
)]

mod args;
mod commands;
mod engine;
mod input;
mod keys;
mod model;
mod output;
mod policy;
mod style;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::panic::PanicHookInfo;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory as _, FromArgMatches as _};

use args::{Cli, Command};

/// What a command that ran to its end has to say by its exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// Nothing was found, or all went well.
    Good,
    /// Something was found, or a threshold was missed.
    Found,
    /// Something in the input could not be read, and the output says so.
    Incomplete,
}

/// The status of errors, those of the arguments among them.
const FAILURE: u8 = 2;

/// Runs the command that the process's arguments name.
pub fn main() -> ExitCode {
    std::panic::set_hook(Box::new(tell_of_panic));
    run(std::env::args_os())
}

/// Says where a panic was, and nothing of what it says itself: that can hold words of a message.
fn tell_of_panic(panic: &PanicHookInfo<'_>) {
    let place =
        panic.location().map(|place| format!(" at {}:{}", place.file(), place.line())).unwrap_or_default();
    let label = style::paint(style::ERROR, "error:");
    let _ = writeln!(style::stderr(), "{label} presend failed{place}; please report this place");
}

fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = Cli::command().try_get_matches_from(arguments).and_then(|found| Cli::from_arg_matches(&found));
    let outcome = match cli {
        Ok(cli) => dispatch(&cli.command),
        Err(error) => {
            let code = error.exit_code();
            // There is nobody to tell where even the error cannot be printed.
            let _ = without_stray_text(error).print();
            return ExitCode::from(u8::try_from(code).unwrap_or(FAILURE));
        }
    };
    match outcome {
        Ok(Exit::Good) => ExitCode::SUCCESS,
        Ok(Exit::Found) => ExitCode::from(1),
        Ok(Exit::Incomplete) => ExitCode::from(FAILURE),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let label = style::paint(style::ERROR, "error:");
            let _ = writeln!(style::stderr(), "{label} {}", style::visible(&format!("{error:#}")));
            ExitCode::from(FAILURE)
        }
    }
}

fn dispatch(command: &Command) -> anyhow::Result<Exit> {
    match command {
        Command::Check(args) => commands::check::run(args),
        Command::Scan(args) => commands::scan::run(args),
        Command::Redact(args) => commands::redact::run(args),
        Command::Eval(args) => commands::eval::run(args),
        Command::Labels(args) => commands::labels::run(args),
        Command::Policies(args) => commands::policies::run(args),
        Command::Policy(args) => commands::policy::run(args),
        Command::Keys(args) => commands::keys::run(args),
        Command::Reveal(args) => commands::reveal::run(args),
        Command::Serve(args) => commands::serve::run(args),
        Command::Audit(args) => commands::audit::run(args),
        Command::Doctor(args) => commands::doctor::run(args),
        Command::Runtime(args) => commands::runtime::run(args),
        Command::Completions(args) => commands::completions::run(args),
        Command::Man(args) => commands::man::run(args),
    }
}

/// Whether the reader of a pipe went away, as `head` does when it has enough: no error, and nobody to tell.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        let archive = cause.downcast_ref::<presend_archive::Error>().and_then(presend_archive::Error::io);
        io.or(archive) == Some(io::ErrorKind::BrokenPipe)
    })
}

/// Takes a word that no option or command expects out of the error: where quotes were forgotten, it is of the message.
fn without_stray_text(mut error: clap::Error) -> clap::Error {
    let (word, tip) = match error.kind() {
        ErrorKind::UnknownArgument => {
            (ContextKind::InvalidArg, "a message of more than one word needs quotes around it")
        }
        ErrorKind::InvalidSubcommand => {
            (ContextKind::InvalidSubcommand, "to check a message, write `presend check` before it")
        }
        _ => return error,
    };
    let is_stray = match error.get(word) {
        Some(ContextValue::String(option)) if word == ContextKind::InvalidArg => !is_option(option),
        _ => error.get(ContextKind::SuggestedSubcommand).is_none(),
    };
    if is_stray {
        error.insert(word, ContextValue::String("…".to_owned()));
        error.remove(ContextKind::SuggestedArg);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.to_owned().into()]));
    }
    error
}

/// Whether a word looks like an option rather than like something somebody wrote to somebody.
fn is_option(word: &str) -> bool {
    let name = word.trim_start_matches('-');
    word.starts_with('-') && name.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !name.is_empty()
}
