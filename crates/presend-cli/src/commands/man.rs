//! `presend man`.

use std::fs;
use std::io::{self, Write as _};

use anyhow::{Context as _, Result};
use clap::CommandFactory as _;
use clap_mangen::Man;

use crate::Exit;
use crate::args::{Cli, ManArgs};

pub(crate) fn run(args: &ManArgs) -> Result<Exit> {
    let command = Cli::command();
    if let Some(dir) = &args.dir {
        let failed = || format!("cannot write manual pages to `{}`", dir.display());
        fs::create_dir_all(dir).with_context(failed)?;
        clap_mangen::generate_to(command, dir).with_context(failed)?;
        return Ok(Exit::Good);
    }
    let mut page = Vec::new();
    Man::new(command).render(&mut page)?;
    let mut out = io::stdout().lock();
    out.write_all(&page)?;
    out.flush()?;
    Ok(Exit::Good)
}
