//! Development tasks: `cargo xtask check` installs what the tests need and runs them all.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a development tool at the edge: it starts processes, reads files and prints"
)]

use std::env;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// The crates that hold no file system, environment, clock or threads; each must build alone and for the web.
const INNER: &[&str] = &["presend-text", "presend-detect", "presend-policy", "presend-redact", "presend"];
const WASM: &str = "wasm32-unknown-unknown";
/// ONNX Runtime's library as `presend runtime install` names it.
const LIBRARY: &str = if cfg!(windows) {
    "onnxruntime.dll"
} else if cfg!(target_os = "macos") {
    "libonnxruntime.dylib"
} else {
    "libonnxruntime.so"
};
/// The fuzz targets and how long each runs unless told otherwise, in seconds.
const FUZZ: &[&str] = &["fold", "scan", "whatsapp"];
const FUZZ_SECONDS: u32 = 10;

const USAGE: &str = "\
Usage: cargo xtask TASK

Tasks:
  check           install what the tests need, then run all that CI runs
  test            the tests alone, but for the next three; installs redis-server where it is missing
  browser         the page in Chromium, against the service; installs chromium, node and npm where they are missing
  schema          schemathesis asks the service by its OpenAPI description; installs it under target/
  presidio        Presidio's packages answer what is recorded of them, which the tests replay; installs them under target/
  lint            rustfmt, clippy and cargo-deny
  inner           build each inner crate alone, without default features and for wasm32
  fuzz [SECONDS]  run every fuzz target for so long
  dictionaries    compile dictionaries/ into the binary resource
  bench           run the benches
";

type Outcome = Result<(), String>;
type Step = (&'static str, fn() -> Outcome);

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let task = arguments.first().map(String::as_str);
    let outcome = match task {
        Some("check") => check(),
        Some("test") => test(),
        Some("browser") => browser(),
        Some("schema") => schema(),
        Some("presidio") => presidio(),
        Some("lint") => install().and_then(|()| lint()),
        Some("inner") => install().and_then(|()| inner()),
        Some("fuzz") => {
            let seconds = arguments.get(1).map_or(Ok(FUZZ_SECONDS), |text| text.parse());
            seconds
                .map_err(|_| "fuzz takes a whole number of seconds".to_owned())
                .and_then(|seconds| install().and_then(|()| fuzz(seconds)))
        }
        Some("dictionaries") => dictionaries(),
        Some("bench") => cargo(&["bench", "--workspace"]),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}

/// Everything CI runs, the quick and the likely to fail first; the tests come last, so that their summary closes it.
fn check() -> Outcome {
    let steps: &[Step] = &[
        ("install tools", install),
        ("lint", lint),
        ("inner crates alone and for wasm32", inner),
        ("documentation", documentation),
        ("fuzzing", || fuzz(FUZZ_SECONDS)),
        ("the page in a browser", browser),
        ("the service against its description", schema),
        ("Presidio's packages against what is recorded of them", presidio),
        ("tests", test),
    ];
    let start = Instant::now();
    for (name, step) in steps {
        let begun = Instant::now();
        println!("== {name}");
        step().map_err(|why| format!("{name}: {why}"))?;
        println!("== {name}: done in {}", seconds(begun.elapsed()));
    }
    println!("== all checks passed in {}", seconds(start.elapsed()));
    Ok(())
}

fn seconds(time: Duration) -> String {
    format!("{:.0} s", time.as_secs_f64())
}

fn root() -> PathBuf {
    let manifest = env::var_os("CARGO_MANIFEST_DIR").map_or_else(PathBuf::new, PathBuf::from);
    manifest.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

fn run(command: &mut Command) -> Outcome {
    let shown = format!("{command:?}");
    // What a check builds is built once: records for building it again would take a third of the disk that it needs.
    let status = command
        .current_dir(root())
        .env("CARGO_INCREMENTAL", "0")
        .status()
        .map_err(|err| format!("could not start {shown}: {err}"))?;
    if status.success() { Ok(()) } else { Err(format!("{shown} failed: {status}")) }
}

fn cargo(arguments: &[&str]) -> Outcome {
    run(Command::new("cargo").args(arguments))
}

fn answers(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .current_dir(root())
        .output()
        .is_ok_and(|output| output.status.success())
}

/// Installs the wasm32 target, cargo-deny and cargo-fuzz where they are missing.
fn install() -> Outcome {
    run(Command::new("rustup").args(["target", "add", WASM]))?;
    for tool in ["deny", "fuzz"] {
        if !answers("cargo", &[tool, "--version"]) {
            cargo(&["install", "--locked", &format!("cargo-{tool}")])?;
        }
    }
    Ok(())
}

fn lint() -> Outcome {
    cargo(&["fmt", "--all", "--check"])?;
    cargo(&["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"])?;
    // The licences, sources and duplicates of dependencies; advisories need a database that is no registry package.
    cargo(&["deny", "--all-features", "check", "bans", "licenses", "sources"])
}

/// Feature unification in a workspace build can hide a crate that does not build alone.
fn inner() -> Outcome {
    for name in INNER {
        cargo(&["check", "--package", name, "--no-default-features"])?;
        cargo(&["check", "--package", name, "--no-default-features", "--target", WASM])?;
        cargo(&["check", "--package", name, "--target", WASM])?;
    }
    Ok(())
}

fn documentation() -> Outcome {
    run(Command::new("cargo").args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
}

/// Runs each fuzz target from the corpora; libFuzzer's coverage flags are unstable, so the stable compiler is told to
/// allow them.
fn fuzz(seconds: u32) -> Outcome {
    for target in FUZZ {
        let found = format!("fuzz/corpus/{target}");
        std::fs::create_dir_all(root().join(&found))
            .map_err(|err| format!("could not make {found}: {err}"))?;
        let seeds = if *target == "whatsapp" { "corpora/samples" } else { "corpora" };
        run(Command::new("cargo")
            .args(["fuzz", "run", "--sanitizer", "none", target, &found, seeds, "--"])
            .arg(format!("-max_total_time={seconds}"))
            .args([
                "-rss_limit_mb=4096",
                "-timeout=20",
                "-max_len=4096",
                "-verbosity=0",
                "-print_final_stats=1",
            ])
            .env("RUSTC_BOOTSTRAP", "1"))?;
    }
    Ok(())
}

/// Builds all tests and the program that they start. Whatever runs the program here runs this one: to build it for itself
/// would be to build half of what it rests on again, with other features.
fn built() -> Result<PathBuf, String> {
    cargo(&["test", "--workspace", "--all-features", "--no-run"])?;
    Ok(target().join(format!("debug/presend-under-test{}", env::consts::EXE_SUFFIX)))
}

/// The tests, with the Redis server that some need, and before them those that need ONNX Runtime, which the program's own command fetches.
fn test() -> Outcome {
    packages(PACKAGES)?;
    let program = built()?;
    let data = root().join("target/data");
    let library = data.join("presend").join(LIBRARY);
    if !library.exists() {
        run(Command::new(program).args(["runtime", "install"]).env("XDG_DATA_HOME", &data))?;
    }
    run(Command::new("cargo")
        .args(["test", "--workspace", "--all-features", "--test", "runtimes", "--", "--ignored"])
        .env("ORT_DYLIB_PATH", &library))?;
    // The generator of training messages; Python is there, because the runtime came by its pip.
    run(Command::new("python3").args(["-m", "unittest", "discover", "-s", "models/training"]))?;
    cargo(&["test", "--workspace", "--all-features"])
}

/// Debian's packages that the tests need, and what shows that each is there.
const PACKAGES: &[(&str, &str)] = &[("redis-server", "redis-server")];
/// Those that the browser test needs.
const BROWSER_PACKAGES: &[(&str, &str)] = &[("chromium", "chromium"), ("nodejs", "node"), ("npm", "npm")];

/// Installs Debian's packages where their programs are missing.
fn packages(needed: &[(&'static str, &str)]) -> Outcome {
    let missing = needed.iter().filter(|(_, program)| !answers(program, &["--version"]));
    let missing: Vec<&str> = missing.map(|(package, _)| *package).collect();
    if !missing.is_empty() {
        let is_root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.starts_with(b"0"));
        let apt = |arguments: &[&str]| {
            let mut command = Command::new(if is_root { "apt-get" } else { "sudo" });
            if !is_root {
                command.arg("apt-get");
            }
            run(command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
        };
        apt(&["update", "-q"])?;
        apt(&[&["install", "-y", "-q", "--no-install-recommends"], missing.as_slice()].concat())?;
    }
    Ok(())
}

/// The page in Chromium, against the service by rules alone.
fn browser() -> Outcome {
    packages(BROWSER_PACKAGES)?;
    let folder = root().join("crates/presend-service/tests/browser");
    let npm = |arguments: &[&str]| {
        let mut command = Command::new("npm");
        command.arg("--prefix").arg(&folder).args(arguments);
        command
    };
    run(&mut npm(&["ci", "--ignore-scripts", "--no-fund", "--no-audit"]))?;
    served(|url, audit| run(npm(&["test"]).env("PRESEND_URL", url).env("PRESEND_AUDIT", audit)))
}

/// The service against its own description: schemathesis asks what the description allows and what it does not.
fn schema() -> Outcome {
    let folder = root().join("crates/presend-service/tests/schemathesis");
    let environment = target().join("schemathesis");
    let requirements = folder.join("requirements.txt");
    // Made anew where other versions are asked for, so that a run rests on no earlier one.
    let installed = environment.join("requirements.txt");
    let read = |path: &Path| std::fs::read(path).unwrap_or_default();
    if read(&installed) != read(&requirements) {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
        run(Command::new(environment.join("bin/pip"))
            .args(["install", "--quiet", "--disable-pip-version-check", "--requirement"])
            .arg(&requirements))?;
        std::fs::copy(&requirements, &installed)
            .map_err(|err| format!("could not write {}: {err}", installed.display()))?;
    }
    served(|url, _| {
        run(Command::new(environment.join("bin/schemathesis"))
            .arg("--config-file")
            .arg(folder.join("schemathesis.toml"))
            .args(["run", &format!("{url}openapi.json")])
            .env("SCHEMATHESIS_HOOKS", folder.join("hooks.py")))
    })
}

/// Presidio itself against the record of its answers: with the tests, which replay the record to presend, the two are
/// compared request by request.
fn presidio() -> Outcome {
    run(Command::new("python3")
        .args(["crates/presend-service/tests/presidio/differential.py", "--check"])
        .env("PRESIDIO_VENV", target().join("presidio")))
}

fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Runs tests against the service by rules alone; they are told its address and the audit record that it writes.
fn served(test: impl FnOnce(&str, &Path) -> Outcome) -> Outcome {
    let program = built()?;
    let audit = target().join("served-audit.jsonl");
    match std::fs::remove_file(&audit) {
        Err(err) if err.kind() != std::io::ErrorKind::NotFound => {
            return Err(format!("could not remove {}: {err}", audit.display()));
        }
        _ => {}
    }
    let settings =
        ["limits.rate=0".to_owned(), "log.level=warn".to_owned(), format!("audit.file={}", audit.display())];
    let mut server = Command::new(program)
        .args(["serve", "--model", "none", "--listen", "127.0.0.1:0"])
        .args(settings.iter().flat_map(|setting| ["--set", setting]))
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|err| format!("could not start the service: {err}"))?;
    let tested = address(&mut server).and_then(|url| test(&url, &audit));
    let stopped = server.kill().and_then(|()| server.wait());
    tested.and(stopped.map(|_| ()).map_err(|err| format!("could not stop the service: {err}")))
}

/// The address that the service says it listens on.
fn address(server: &mut Child) -> Result<String, String> {
    let mut line = String::new();
    let read = server.stdout.take().map(|pipe| BufReader::new(pipe).read_line(&mut line));
    let url = line.split_whitespace().find(|word| word.starts_with("http://"));
    match (read, url) {
        (Some(Ok(_)), Some(url)) => Ok(format!("{}/", url.trim_end_matches(':'))),
        _ => Err("the service did not say where it listens".to_owned()),
    }
}

fn dictionaries() -> Outcome {
    cargo(&[
        "run",
        "--release",
        "--package",
        "presend-detect",
        "--features",
        "dictionary-compiler",
        "--example",
        "compile_dictionaries",
    ])
}
