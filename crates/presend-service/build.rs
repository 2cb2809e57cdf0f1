//! Generates the gRPC code and the description that reflection gives from the `.proto`, in Rust alone: no `protoc`.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a build script reads its environment, writes files and speaks to cargo"
)]

use std::error::Error;
use std::path::PathBuf;

const PROTO: &str = "proto/presend/v1/presend.proto";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={PROTO}");
    let mut compiler = protox::Compiler::new(["proto"])?;
    // The comments are the documentation of the generated types and of what reflection describes.
    compiler.include_source_info(true).open_file(PROTO)?;
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(out.join("presend.v1.bin"), compiler.encode_file_descriptor_set())?;
    tonic_prost_build::configure()
        .build_transport(false)
        // These types hold message text, which Debug must not show.
        .skip_debug(["."])
        .compile_fds(compiler.file_descriptor_set())?;
    Ok(())
}
