//! `presend audit`: the record that the service keeps.

use std::io::Write as _;

use anyhow::Result;
use presend_service::audit::verify;

use crate::args::{AuditArgs, AuditCommand};
use crate::{Exit, style};

pub(crate) fn run(args: &AuditArgs) -> Result<Exit> {
    let AuditCommand::Verify { file } = &args.command;
    let verified = verify(file)?;
    let (mut out, _) = style::stdout();
    writeln!(out, "{} entries, unbroken; the last hash is {}", verified.entries, verified.last_hash)?;
    out.flush()?;
    Ok(Exit::Good)
}
