//! `cargo xtask fuzz`: files changed by what code they reach, for everything that reads files.
//! cargo-fuzz builds the targets with the coverage that libFuzzer needs, on the stable compiler.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::program::{ask, cargo, program, run};
use crate::repo;
use crate::steps::Steps;

const CARGO_FUZZ: &str = "cargo-fuzz@0.13.2";
/// One input that takes longer, in seconds, is a finding.
const TIMEOUT: u32 = 30;
/// The longest input in bytes.
const MAX_LEN: u32 = 1 << 16;
/// The most memory one process may take, in MB.
const MEMORY: u32 = 2_048;

#[derive(clap::Args)]
pub(crate) struct Fuzz {
    /// What is fed, one of the folders in src-tauri/crates/fuzz/seeds [default: all of them].
    targets: Vec<String>,
    /// How long each is fed.
    #[arg(long, default_value_t = 180)]
    seconds: u64,
}

impl Fuzz {
    pub(crate) fn run(self) -> Result<()> {
        if cfg!(windows) {
            bail!("libFuzzer builds on Linux and macOS only. cargo test -p fuzz reads the seeds everywhere.");
        }
        let package = repo::root().join("src-tauri/crates/fuzz");
        let targets = chosen(&package.join("seeds"), self.targets)?;
        let built = repo::target().join("fuzz");
        let mut steps = Steps::default();
        steps.step("cargo-fuzz", provide)?;
        steps.step("Fuzz targets", || {
            let mut build = cargo();
            // Without a sanitizer it needs no nightly compiler: the core has no unsafe code.
            build.args(["fuzz", "build", "--sanitizer", "none", "--features", "libfuzzer", "--fuzz-dir"]);
            // The release profile's would take minutes for each target.
            build.env("CARGO_PROFILE_RELEASE_LTO", "off");
            run(build.arg(&package).arg("--target-dir").arg(&built))
        })?;
        for target in targets {
            steps.step(&target, || feed(&target, &package, &built, self.seconds))?;
        }
        steps.sum_up();
        Ok(())
    }
}

/// The targets that were asked for, or all: each has a folder of seeds.
fn chosen(seeds: &Path, asked: Vec<String>) -> Result<Vec<String>> {
    let entries = fs::read_dir(seeds).with_context(|| format!("{} can't be read", seeds.display()))?;
    let mut all = Vec::new();
    for entry in entries {
        all.push(entry?.file_name().to_string_lossy().into_owned());
    }
    all.sort();
    if let Some(unknown) = asked.iter().find(|name| !all.contains(name)) {
        bail!("There is no target {unknown}. There are: {}.", all.join(", "));
    }
    Ok(if asked.is_empty() { all } else { asked })
}

fn feed(target: &str, package: &Path, built: &Path, seconds: u64) -> Result<()> {
    let corpus = built.join("corpus").join(target);
    let findings = built.join("findings").join(target);
    for folder in [&corpus, &findings] {
        fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))?;
    }
    let host =
        ask(program("rustc").args(["--print", "host-tuple"])).context("`rustc --print host-tuple` failed")?;
    let mut fuzzer = program(&built.join(host).join("release").join(target).to_string_lossy());
    // libFuzzer ends without running destructors, so what it leaves is removed here.
    let scratch = built.join("scratch").join(target);
    if scratch.exists() {
        fs::remove_dir_all(&scratch)?;
    }
    fs::create_dir_all(&scratch)?;
    fuzzer.env("TMPDIR", &scratch);
    // Inputs that reach new code go to the first folder; the others are only read.
    fuzzer.arg(&corpus).arg(package.join("seeds").join(target));
    fuzzer.args([
        format!("-max_total_time={seconds}"),
        format!("-timeout={TIMEOUT}"),
        format!("-max_len={MAX_LEN}"),
        format!("-rss_limit_mb={MEMORY}"),
        format!("-artifact_prefix={}/", findings.display()),
        "-print_funcs=0".to_owned(),
    ]);
    if let Some(name) = dictionary(target) {
        fuzzer.arg(format!("-dict={}", package.join("dictionaries").join(name).display()));
    }
    run(&mut fuzzer).with_context(|| {
        format!(
            "{target} found something, and keeps the file in {}. Correct the program, then keep the file in \
             src-tauri/crates/fuzz/findings/{target} as a test",
            findings.display()
        )
    })
}

/// The file with the pieces that libFuzzer puts in, for targets that read text.
fn dictionary(target: &str) -> Option<&'static str> {
    match target {
        "snapshot" => Some("snapshot.dict"),
        "dataset-csv" => Some("csv.dict"),
        "dataset-json" | "dataset-jsonl" => Some("json.dict"),
        _ => None,
    }
}

fn provide() -> Result<()> {
    if ask(cargo().args(["fuzz", "--version"])).is_some() {
        println!("   cargo-fuzz is there.");
        return Ok(());
    }
    run(cargo().args(["install", "--locked", CARGO_FUZZ]))
}
