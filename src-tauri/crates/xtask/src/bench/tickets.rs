//! Large dataset files, as people who fine-tune have them: texts of 50 to 500 characters
//! with quotes and line breaks, numbers and categories. The same bytes every time.

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use fastrand::Rng;
use serde_json::json;

use super::data::text;

const SEED: u64 = 20_261_124;
const CATEGORIES: [&str; 8] =
    ["billing", "cards", "delivery", "login", "refund", "returns", "shipping, abroad", "other"];
const LANGUAGES: [&str; 4] = ["en", "de", "fr", "ja"];

/// A form the rows are written in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Csv,
    /// One array of objects.
    Json,
    JsonLines,
}

impl Form {
    fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::JsonLines => "jsonl",
        }
    }
}

/// The file of at least so many megabytes in that folder, made if it is not there.
pub(super) fn file(folder: &Path, form: Form, megabytes: u32) -> Result<PathBuf> {
    let enough = u64::from(megabytes) * 1_000_000;
    rows(folder, &format!("tickets-{megabytes}-mb"), form, |_, bytes| bytes >= enough)
}

/// A file of so many rows, likewise.
pub(super) fn file_of_rows(folder: &Path, form: Form, count: u32) -> Result<PathBuf> {
    rows(folder, &format!("tickets-{count}"), form, |written, _| written >= count)
}

fn rows(folder: &Path, name: &str, form: Form, enough: impl Fn(u32, u64) -> bool) -> Result<PathBuf> {
    made(folder.join(format!("{name}.{}", form.ending())), |part| write(part, form, enough))
}

/// The file, made under another name first if it is not there.
pub(super) fn made(path: PathBuf, make: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    if !path.exists() {
        println!("   Making {}", path.display());
        let part = path.with_extension("part");
        make(&part)?;
        fs::rename(&part, &path)?;
    }
    Ok(path)
}

fn write(path: &Path, form: Form, enough: impl Fn(u32, u64) -> bool) -> Result<()> {
    let mut rng = Rng::with_seed(SEED);
    // Pieces of one long text: making a gigabyte word by word would take minutes.
    let pool = text(&mut rng, 4_000_000);
    let file = File::create(path).with_context(|| format!("{} can't be written", path.display()))?;
    let mut to = BufWriter::with_capacity(1 << 20, file);
    let (mut line, mut written) = (String::new(), 0);
    match form {
        Form::Csv => line.push_str("id,category,language,question,answer,score,minutes,opened,solved\n"),
        Form::Json => line.push('['),
        Form::JsonLines => {}
    }
    for id in 1.. {
        row(&mut line, form, id, &pool, &mut rng)?;
        to.write_all(line.as_bytes())?;
        written += line.len() as u64;
        if enough(id, written) {
            break;
        }
        line.clear();
        if form == Form::Json {
            line.push(',');
        }
    }
    if form == Form::Json {
        to.write_all(b"]\n")?;
    }
    Ok(to.flush()?)
}

fn row(line: &mut String, form: Form, id: u32, pool: &str, rng: &mut Rng) -> Result<()> {
    let category = CATEGORIES[rng.usize(..CATEGORIES.len())];
    let language = LANGUAGES[rng.usize(..LANGUAGES.len())];
    let (question, answer) = (piece(pool, 50..200, rng), piece(pool, 50..500, rng));
    let (score, minutes) = (f64::from(rng.u16(..1_000)) / 1_000.0, rng.u16(..5_000));
    let opened = format!("2026-{:02}-{:02}", rng.u8(1..13), rng.u8(1..29));
    let solved = rng.bool();
    match form {
        Form::Csv => writeln!(
            line,
            "{id},{},{language},{},{},{score},{minutes},{opened},{solved}",
            quoted(category),
            quoted(question),
            quoted(answer)
        )?,
        Form::Json | Form::JsonLines => writeln!(
            line,
            "{}",
            json!({
                "id": id, "category": category, "language": language, "question": question,
                "answer": answer, "score": score, "minutes": minutes, "opened": opened, "solved": solved,
            })
        )?,
    }
    Ok(())
}

/// A part of the text, of about so many bytes.
fn piece<'a>(pool: &'a str, bytes: std::ops::Range<usize>, rng: &mut Rng) -> &'a str {
    let length = rng.usize(bytes);
    let start = pool.floor_char_boundary(rng.usize(..pool.len() - length));
    &pool[start..pool.floor_char_boundary(start + length)]
}

/// A CSV field, in quotes where it needs them.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
