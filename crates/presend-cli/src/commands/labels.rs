//! `presend labels`.

use std::io::Write as _;

use anstyle::Style;
use anyhow::Result;
use presend::Label;
use serde::Serialize;

use crate::Exit;
use crate::args::LabelsArgs;
use crate::style::{self, Stream, Table};

#[derive(Serialize)]
struct Row {
    label: &'static str,
    kind: &'static str,
    placeholder: String,
    about: &'static str,
}

pub(crate) fn run(args: &LabelsArgs) -> Result<Exit> {
    let rows = Label::ALL.iter().map(|label| Row {
        label: label.name(),
        kind: label.kind().name(),
        placeholder: format!("[{}]", label.placeholder()),
        about: label.about(),
    });
    let (mut out, _) = style::stdout();
    if args.json {
        serde_json::to_writer_pretty(&mut out, &rows.collect::<Vec<_>>())?;
        writeln!(out)?;
    } else {
        let mut table = Table::new(Stream::Stdout, 0, 20);
        table.heading(&["label", "kind", "becomes", "what it covers"]);
        for row in rows {
            table.row([
                (row.label.to_owned(), Style::new()),
                (row.kind.to_owned(), Style::new()),
                (row.placeholder, Style::new()),
                (row.about.trim_end_matches('.').to_owned(), style::FAINT),
            ]);
        }
        out.write_all(table.render().as_bytes())?;
    }
    out.flush()?;
    Ok(Exit::Good)
}
