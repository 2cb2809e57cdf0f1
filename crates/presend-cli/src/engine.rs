//! The engine that the shared options describe.

use std::path::Path;

use anyhow::{Context as _, Result, anyhow, bail};
use presend::{Detector, DetectorBuilder, Engine, Label, Policies, Recogniser, Role};
use presend_archive::tables::{Columns, Format, Reason, load_patients};

use crate::args::EngineArgs;
use crate::policy::Chosen;
use crate::{input, model, style};

/// Reads the lists that the options name and compiles the engine, for finding alone.
pub(crate) fn finder(args: &EngineArgs) -> Result<Engine> {
    with_policies(args, Chosen { policies: Policies::built_in(), fixed: None })
}

/// Reads the lists that the options name and compiles the engine with these policies.
pub(crate) fn with_policies(args: &EngineArgs, chosen: Chosen) -> Result<Engine> {
    let builder = Engine::builder()
        .detector(detector(args)?)
        .min_confidence(args.min_confidence)
        .policies(chosen.policies);
    Ok(match chosen.fixed {
        Some(policy) => builder.policy(policy).build(),
        None => builder.build(),
    })
}

/// Adds one term to one of the lists.
type Add = fn(DetectorBuilder, &str) -> DetectorBuilder;

fn detector(args: &EngineArgs) -> Result<Detector> {
    let mut builder = Detector::builder();
    for path in &args.deny {
        builder = each_term(path, builder, |builder, line| {
            let (label, role, term) = denied(line)?;
            Ok(builder.deny(label, role, term))
        })?;
    }
    let plain: [(&[_], Add); 4] = [
        (&args.allow, DetectorBuilder::allow),
        (&args.staff, DetectorBuilder::staff),
        (&args.sites, DetectorBuilder::site),
        (&args.wards, DetectorBuilder::ward),
    ];
    for (paths, add) in plain {
        for path in paths {
            builder = each_term(path, builder, |builder, line| Ok(add(builder, line)))?;
        }
    }
    if let Some(path) = &args.patients {
        let list = patients(path, args)?;
        builder = builder.recogniser(list);
    }
    let detector = builder.build()?;
    Ok(match model::load(&args.model)? {
        Some(model) => detector.with_reviewer(Box::new(model)),
        None => detector,
    })
}

/// Loads a table of known patients and warns of what in it could not be used.
fn patients(path: &Path, args: &EngineArgs) -> Result<Box<dyn Recogniser>> {
    let extension = path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
    let format = match extension.as_deref() {
        Some("csv" | "tsv" | "txt") => Format::Csv,
        Some("parquet") => Format::Parquet,
        _ => bail!("{} is no table by its name; name it .csv or .parquet", input::name(path)),
    };
    let key = args.patients_key_file.as_deref().map_or_else(random_key, read_key)?;
    let columns = Columns::automatic();
    let columns =
        args.patients_column.iter().fold(columns, |columns, (field, header)| columns.with(*field, header));
    let file = input::open_file(path)?;
    let (list, report) =
        load_patients(file, format, &columns, key, &mut |_| {}).with_context(|| input::name(path))?;
    for (reason, count) in Reason::ALL.map(|reason| (reason, report.count(reason))) {
        let first = report.problems.iter().find(|problem| problem.reason == reason);
        let place = match (first, count) {
            (_, 0) => continue,
            (Some(first), 1) => format!("line {}", first.line),
            (Some(first), _) => format!("line {} and {} more", first.line, count - 1),
            // Only so many problems are kept with their lines.
            (None, _) => format!("{count} lines"),
        };
        style::warn(&format!("{}, {place}: {}", input::name(path), reason.about()));
    }
    if list.is_empty() {
        bail!("{}: none of its {} rows could be used", input::name(path), report.rows);
    }
    Ok(Box::new(list))
}

/// The length of the key under which patients are hashed, in bytes.
const KEY: usize = 16;

fn random_key() -> Result<[u8; KEY]> {
    let mut key = [0; KEY];
    getrandom::fill(&mut key).map_err(|error| anyhow!("cannot draw a random key: {error}"))?;
    Ok(key)
}

fn read_key(path: &Path) -> Result<[u8; KEY]> {
    let text = input::read_text(path)?;
    key(text.trim())
        .with_context(|| format!("{} is no key: it takes {} hexadecimal digits", input::name(path), 2 * KEY))
}

fn key(digits: &str) -> Option<[u8; KEY]> {
    let digit = |digit: &u8| char::from(*digit).to_digit(16);
    let pairs = digits.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from(digit(high)? * 16 + digit(low)?).ok(),
        _ => None,
    });
    pairs.collect::<Option<Vec<u8>>>()?.try_into().ok()
}

/// Adds the terms of a list, one a line, without blank lines and comments.
fn each_term(
    path: &Path,
    mut builder: DetectorBuilder,
    add: impl Fn(DetectorBuilder, &str) -> Result<DetectorBuilder>,
) -> Result<DetectorBuilder> {
    let text = input::read_text(path)?;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if !line.is_empty() && !line.starts_with('#') {
            builder = add(builder, line).with_context(|| format!("{}, line {number}", input::name(path)))?;
        }
    }
    Ok(builder)
}

/// Reads a line of a deny list: `term`, `LABEL|term` or `PERSON:ROLE|term`, as in marked messages.
fn denied(line: &str) -> Result<(Label, Option<Role>, &str)> {
    let Some((head, term)) = line.split_once('|') else {
        return Ok((Label::OtherId, None, line));
    };
    let (label, role) = match head.split_once(':') {
        Some((label, role)) => (label, Some(role)),
        None => (head, None),
    };
    let label: Label =
        label.trim().parse().map_err(|_| anyhow!("no such label; `presend labels` lists them"))?;
    let role: Option<Role> = role.map(|role| role.trim().parse()).transpose()?;
    let role = match (label, role) {
        (Label::Person, role) => Some(role.unwrap_or(Role::Unknown)),
        (_, None) => None,
        (_, Some(_)) => bail!("only a PERSON has a role"),
    };
    match term.trim() {
        "" => bail!("there is no term after the |"),
        term => Ok((label, role, term)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_denied_term_says_what_it_is() {
        assert_eq!(denied("Project Heron").unwrap(), (Label::OtherId, None, "Project Heron"));
        assert_eq!(denied("PLACE | Larkhill").unwrap(), (Label::Place, None, "Larkhill"));
        assert_eq!(denied("PERSON:patient|Okafor").unwrap(), (Label::Person, Some(Role::Patient), "Okafor"));
        assert_eq!(denied("PERSON|Okafor").unwrap(), (Label::Person, Some(Role::Unknown), "Okafor"));
    }

    #[test]
    fn keys_are_hexadecimal() {
        let read = key("000102030405060708090a0B0C0D0E0F").unwrap();
        assert_eq!(read.to_vec(), (0..16).collect::<Vec<u8>>());
        for bad in ["", "00", "000102030405060708090a0b0c0d0e0", "000102030405060708090a0b0c0d0e0g", "é"] {
            assert_eq!(key(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_bad_line_is_refused_without_its_words() {
        for bad in ["NAME|Okafor", "PERSON:nurse|Okafor", "PLACE:patient|Okafor", "PLACE|"] {
            let error = format!("{:#}", denied(bad).unwrap_err());
            assert!(!error.contains("Okafor") && !error.contains("nurse"), "{error}");
        }
    }
}
