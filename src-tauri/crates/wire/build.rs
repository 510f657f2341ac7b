//! Compiles the wire contract in pure Rust, so nobody needs `protoc`.

use std::{env, error::Error, fs, path::Path};

use protox::prost::Message as _;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=proto");
    let contract = protox::compile(["fine_tuning_studio.proto"], ["proto"])?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("fine_tuning_studio.bin"), contract.encode_to_vec())?;
    Ok(())
}
