//! A fetch from a hub on loopback, beside what a person would type for the same: `curl`, `sync`, `sha256sum`.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader, BufWriter, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde_json::json;

use super::{
    fts::Studio,
    measure::run,
    table::{Series, Table},
};
use crate::program::find;

const HUB: &str = include_str!("hub.py");
const WEIGHTS: &str = "model.safetensors";
const CONFIG: &str = "config.json";

/// The time of a fetch beside the others': 0.9 of their rate.
const MOST_TIME: f64 = 1.0 / 0.9;
/// The most memory that a fetch may hold, in bytes.
const MOST_MEMORY: u64 = 100_000_000;

/// Measures it with a file of so many megabytes. `fts` is built.
pub(super) fn measure(folder: &Path, rounds: u32, megabytes: u32) -> Result<Table> {
    for (name, package) in [("curl", "curl"), ("sha256sum", "coreutils"), ("python3", "python3")] {
        if find(name).is_none() {
            bail!("The program {name} is missing. On Debian and Ubuntu: apt-get install {package}");
        }
    }
    let folder = folder.join("fetch");
    let hub = Hub::start(&folder.join("hub"), megabytes)?;
    let mut table = Table::new(&format!("Fetch of {megabytes} MB from a hub on loopback"), rounds);
    let (mut fetch, mut curl) = (Series::new(), Series::new());
    for round in 1..=rounds {
        println!("   Round {round} of {rounds}");
        let studio = Studio::new(&folder.join("studio"))?;
        let home = folder.join("studio/huggingface");
        let mut fts = studio.fts();
        fts.args(["hub", "fetch", "model", "bench/large"]);
        fts.env("HF_HOME", &home).env("HF_ENDPOINT", &hub.address).env_remove("HF_HUB_OFFLINE");
        fetch.push(run(&mut fts, None, Some(&studio.answer))?);

        let target = folder.join("studio/by-hand");
        let mut shell = Command::new("sh");
        shell.args(["-c", "curl -sS -o \"$1\" \"$2\" && sync \"$1\" && sha256sum \"$1\"", "sh"]);
        let address = format!("{}/bench/large/resolve/main/{WEIGHTS}", hub.address);
        curl.push(run(shell.arg(&target).arg(address), None, Some(&studio.answer))?);
    }
    table.pair(
        "A fetch, checked and on the disk",
        &fetch,
        "`curl`, `sync` and `sha256sum`",
        &curl,
        MOST_TIME,
    );
    table.memory("Memory of the fetch", &fetch, MOST_MEMORY);
    Ok(table)
}

/// A hub with one model. It ends when the value is dropped.
struct Hub {
    address: String,
    server: Child,
}

impl Hub {
    fn start(folder: &Path, megabytes: u32) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))?;
        fs::write(folder.join(CONFIG), r#"{"model_type": "llama"}"#)?;
        let weights = weights(folder, megabytes)?;
        let hashes = json!({CONFIG: sha256(&folder.join(CONFIG))?, WEIGHTS: sha256(&weights)?});
        fs::write(folder.join("hashes.json"), hashes.to_string())?;
        let mut server = Command::new("python3")
            .args(["-c", HUB])
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()
            .context("the hub could not be started")?;
        let output = server.stdout.take().context("standard output is not a pipe")?;
        let mut port = String::new();
        BufReader::new(output).read_line(&mut port)?;
        Ok(Self { address: format!("http://127.0.0.1:{}", port.trim()), server })
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        // It has ended by itself if this fails.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// A file of random bytes, made once for each size.
fn weights(folder: &Path, megabytes: u32) -> Result<PathBuf> {
    let path = folder.join(WEIGHTS);
    file_of_random(&path, megabytes)?;
    Ok(path)
}

/// The same at that path.
pub(super) fn file_of_random(path: &Path, megabytes: u32) -> Result<()> {
    let wanted = u64::from(megabytes) * 1_000_000;
    if fs::metadata(path).is_ok_and(|metadata| metadata.len() == wanted) {
        return Ok(());
    }
    let mut random = fastrand::Rng::with_seed(1);
    let mut file = BufWriter::new(File::create(path)?);
    let mut block = vec![0; 1_000_000];
    for _ in 0..megabytes {
        random.fill(&mut block);
        file.write_all(&block)?;
    }
    file.into_inner()?.sync_all()?;
    Ok(())
}

fn sha256(path: &Path) -> Result<String> {
    let output = Command::new("sha256sum").arg(path).output().context("sha256sum could not be started")?;
    let text = String::from_utf8(output.stdout)?;
    Ok(text.split_whitespace().next().context("sha256sum said nothing")?.to_owned())
}
