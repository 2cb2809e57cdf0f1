//! The binary `presend`; everything is in the library beside it, so that the end-to-end tests can build it too.

use std::process::ExitCode;

fn main() -> ExitCode {
    presend_cli::main()
}
