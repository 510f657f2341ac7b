//! Compiles the wire contract in pure Rust, so nobody needs `protoc`.

use std::{env, error::Error, fs, path::PathBuf};

use protox::prost::Message as _;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=proto");
    println!("cargo::rerun-if-changed=migrations");
    let contract = protox::compile(["fine_tuning_studio.proto"], ["proto"])?;
    let target = PathBuf::from(env::var("OUT_DIR")?).join("fine_tuning_studio.bin");
    fs::write(target, contract.encode_to_vec())?;
    Ok(())
}
