//! `presend serve`: the service over HTTP.

use std::io::Write as _;
use std::sync::Arc;

use anstyle::Style;
use anyhow::{Context as _, Result};
use presend::{Engine, Policies};
use presend_service::config::SETTINGS;
use presend_service::http::{Api, Extras, Reply};
use presend_service::presidio::{self, Presidio};
use presend_service::traces::Traces;
use presend_service::{Config, Service, logging, page, server};

use crate::args::ServeArgs;
use crate::engine::with_policies;
use crate::policy::{Chosen, layer, warn};
use crate::style::{self, Stream, Table};
use crate::{Exit, input};

pub(crate) fn run(args: &ServeArgs) -> Result<Exit> {
    let (mut out, _) = style::stdout();
    if args.list_settings {
        let mut table = Table::new(Stream::Stdout, 0, 20);
        for setting in SETTINGS {
            table.row([
                (setting.path.to_owned(), Style::new()),
                (setting.variable(), style::FAINT),
                (setting.about.trim_end_matches('.').to_owned(), Style::new()),
            ]);
        }
        out.write_all(table.render().as_bytes())?;
        out.flush()?;
        return Ok(Exit::Good);
    }
    let config = config(args)?;
    config.check()?;
    let mut policies = Policies::built_in();
    for path in &args.policy_layer {
        let layer = layer(path)?;
        warn(&policies, &layer);
        policies.add(&layer).with_context(|| input::name(path))?;
    }
    let keys = args.keys.for_service(&policies)?;
    if args.check_config {
        server::check_files(&config, keys.as_ref())?;
        writeln!(out, "The configuration is sound.")?;
        out.flush()?;
        return Ok(Exit::Good);
    }
    let traces = Traces::start(&config.traces)?;
    logging::init(&config.log, traces.as_ref());
    let engine = with_policies(&args.engine, Chosen { policies, fixed: None })?;
    let engine = Arc::new(engine);
    let extras = extras(args, &engine);
    let service = Service::builder(engine).keys(keys).start(&config)?;
    let scheme = if config.tls.certificate.is_some() { "https" } else { "http" };
    let served = server::run(&config, service, &extras, |address| {
        // Where standard output is gone there is nobody to tell; the log says it too.
        let _ = writeln!(
            out,
            "presend listens on {scheme}://{address}: open it in a browser; the API is described at /docs"
        );
        let _ = out.flush();
    });
    if let Some(traces) = traces {
        traces.finish();
    }
    served?;
    Ok(Exit::Good)
}

/// The page, and the API of Presidio where the options ask for it.
fn extras(args: &ServeArgs, engine: &Arc<Engine>) -> Extras {
    let mut extras = Extras { page: Some(page::asset), apis: Vec::new() };
    if args.presidio {
        let presidio = Presidio::new(Arc::clone(engine));
        let api: Api = Arc::new(move |scratch, method, path, content_type, body| {
            let presidio::Reply { status, body, content_type } =
                presidio.call_with(scratch, method, path, content_type, body);
            Reply { status, body, content_type }
        });
        extras.apis.push(("/presidio", api));
    }
    extras
}

/// The settings of the file, the environment and the options, the weakest first.
fn config(args: &ServeArgs) -> Result<Config> {
    let mut environment = Vec::new();
    for (name, value) in std::env::vars_os() {
        let Some(name) = name.to_str().filter(|name| name.starts_with("PRESEND_")) else { continue };
        let value =
            value.to_str().with_context(|| format!("the environment variable {name} is not UTF-8"))?;
        environment.push((name.to_owned(), value.to_owned()));
    }
    let mut settings = args.set.clone();
    if let Some(listen) = &args.listen {
        settings.push(("server.listen".to_owned(), listen.clone()));
    }
    if let Some(store) = &args.conversations {
        settings.push(("conversations.store".to_owned(), store.clone()));
    }
    Ok(Config::load(args.config.as_deref(), environment, &settings)?)
}
