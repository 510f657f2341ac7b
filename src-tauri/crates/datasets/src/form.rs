//! How a file is read: by what its bytes say, and by what was chosen.

use std::path::Path;

use resources::DatasetType;
use schema::{Error, ErrorCode, Result};
use sniff::{CsvForm, Encodings, Head, JsonForm, JsonObject, Magic, csv_grammar::Grammar};

use super::{
    dataset_file::DatasetFile,
    file_name,
    packing::Packing,
    problem::Problem,
    read_options::{Quote, ReadOptions, Separator, TextEncoding},
    unpacked,
};

/// How a file is read.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    /// The kind of its content, whatever its name says.
    pub(crate) kind: DatasetType,
    pub(crate) packing: Option<Packing>,
    pub(crate) encodings: Encodings,
    csv: Option<CsvForm>,
    /// Whether the file is one JSON object.
    is_object: bool,
    /// Whether the keys of that object are columns.
    pub(crate) by_column: bool,
    /// Why none of it is read.
    pub(crate) refused: Option<Problem>,
    /// The key of the list that is read.
    pub(crate) list: Option<String>,
    /// What a person should know of how it is read.
    pub(crate) notes: Vec<Problem>,
}

impl Form {
    /// Looks at the first bytes of a file.
    ///
    /// # Errors
    /// The file can't be read, or it is of a kind that has no rows; the message names the kind.
    pub(crate) fn from_file(file: &DatasetFile) -> Result<Self> {
        Ok(Self::look(file)?.0)
    }

    /// The same, with the keys of a JSON file that is one object, of which no list is chosen.
    pub(crate) fn look(file: &DatasetFile) -> Result<(Self, Option<JsonObject>)> {
        let mut form = Self::looked(file)?;
        if !form.is_object || form.list.is_some() {
            return Ok((form, None));
        }
        let object = form.object(&file.path)?;
        form.by_column = object.is_columns();
        match form.by_column {
            true => form.note(None, BY_COLUMN),
            false => form.refused = Some(Problem::error(None, object.refusal())),
        }
        Ok((form, Some(object)))
    }

    fn looked(file: &DatasetFile) -> Result<Self> {
        let DatasetFile { path, options } = file;
        let head = Head::from_file(path)?;
        let packing = match Magic::from_bytes(&head.bytes) {
            None => None,
            Some(Magic::Packed(packing)) => Some(packing),
            Some(Magic::Parquet) => return Ok(Self::parquet(path)),
            Some(Magic::Other(other)) => return Err(other.refusal(path)),
        };
        let mut notes = Vec::new();
        let named = Packing::from_path(path);
        if let (Some(named), None) = (named, packing) {
            return Err(not_packed(path, named));
        }
        if packing.is_some() && named.is_none() {
            let name = packing.map_or("", Packing::name);
            let message = format!(
                "The file is packed with {name}, which its name does not say. It is unpacked as it is read."
            );
            notes.push(Problem::warning(None, message));
        }
        let raw = match packing {
            None => head,
            Some(_) => Head::from_text(path, packing, TextEncoding::UTF_8)?,
        };
        match Magic::from_bytes(&raw.bytes).filter(|_| packing.is_some()) {
            Some(Magic::Other(other)) => return Err(other.refusal(path)),
            Some(Magic::Parquet) => return Err(file_name::packed_parquet(path, packing)),
            Some(Magic::Packed(_)) => {
                let message = format!("{} is packed twice.", path.display());
                return Err(Error::new(ErrorCode::Invalid, message).hint("Unpack it once."));
            }
            None => {}
        }
        let encodings = Encodings::from_bytes(&raw.bytes, raw.complete, options.encoding);
        let read_as = encodings.read_as;
        let head = match read_as.is_utf8() {
            true => raw.without_mark(),
            false => Head::from_text(path, packing, read_as)?,
        };
        if !read_as.is_utf8() && options.encoding.is_none() {
            let message = format!("The file is {} text. It was read as such.", read_as.name());
            notes.push(Problem::warning(None, message));
        }
        let mut form = Self::text(file, packing, encodings, &head)?;
        notes.append(&mut form.notes);
        Ok(Self { notes, ..form })
    }

    fn parquet(path: &Path) -> Self {
        let mut form = Self::new(DatasetType::ProjectParquet, None, Encodings::UTF_8);
        if file_name::named(path) != Some(DatasetType::ProjectParquet) {
            form.note(None, "The file is a Parquet file, which its name does not say. It was read as one.");
        }
        form
    }

    fn new(kind: DatasetType, packing: Option<Packing>, encodings: Encodings) -> Self {
        Self {
            kind,
            packing,
            encodings,
            csv: None,
            is_object: false,
            by_column: false,
            refused: None,
            list: None,
            notes: Vec::new(),
        }
    }

    /// The form of a text.
    fn text(file: &DatasetFile, packing: Option<Packing>, encodings: Encodings, head: &Head) -> Result<Self> {
        let DatasetFile { path, options } = file;
        let new = |kind| Self::new(kind, packing, encodings);
        let named = file_name::named(path);
        if head.bytes.trim_ascii().is_empty() || options.separator.is_some() {
            let kind = named.filter(|_| options.separator.is_none()).unwrap_or(DatasetType::ProjectCsv);
            return Ok(new(kind).with_csv(CsvForm::from_head(head, options), options));
        }
        let kind = match JsonForm::from_head(head, named) {
            Some(JsonForm::Lines) => DatasetType::ProjectJsonl,
            Some(JsonForm::List) => DatasetType::ProjectJson,
            Some(JsonForm::Object) => {
                let form =
                    Self { list: options.list.clone(), is_object: true, ..new(DatasetType::ProjectJson) };
                return Ok(form.noting_name(named));
            }
            Some(JsonForm::SpreadObjects) => {
                let refused = Some(Problem::error(None, SPREAD_OBJECTS));
                return Ok(Self { refused, ..new(DatasetType::ProjectJsonl) });
            }
            None => return Self::no_json(file, named, &new(DatasetType::ProjectCsv), head),
        };
        Ok(new(kind).noting_name(named))
    }

    fn no_json(file: &DatasetFile, named: Option<DatasetType>, csv: &Self, head: &Head) -> Result<Self> {
        let DatasetFile { path, options } = file;
        let found = CsvForm::from_head(head, options);
        match named {
            Some(DatasetType::ProjectCsv) if is_prose(head, &found) => Err(prose(path)),
            Some(DatasetType::ProjectCsv) => Ok(csv.clone().with_csv(found, options)),
            // A name that says nothing, and content that could be anything: that is for the person to say.
            None => Err(file_name::unknown(path)),
            _ if found.is_table => Ok(csv.clone().with_csv(found, options).noting_name(named)),
            // Its reader says what is wrong with it.
            Some(kind @ (DatasetType::ProjectJson | DatasetType::ProjectJsonl)) => {
                Ok(Self { kind, ..csv.clone() })
            }
            Some(DatasetType::ProjectParquet) => {
                let message =
                    format!("{} is not a Parquet file, or it is damaged at its start.", path.display());
                Err(Error::new(ErrorCode::Invalid, message).hint("Get the file again."))
            }
            _ => Err(file_name::unknown(path)),
        }
    }

    /// What the keys of the only object of a JSON file hold.
    fn object(&self, path: &Path) -> Result<JsonObject> {
        let failed = |error| Error::file("read", path, &error);
        let file = std::fs::File::open(path).map_err(failed)?;
        let text = unpacked::text(file, self.packing, self.encodings.read_as);
        text.and_then(JsonObject::read).map_err(failed)
    }

    fn with_csv(mut self, form: CsvForm, options: &ReadOptions) -> Self {
        self.csv = Some(form);
        let separator = form.grammar.separator;
        if options.separator.is_none() && form.sure && separator != Separator::COMMA {
            self.note(
                Some(1),
                format!("The columns are separated by {}. They were read so.", separator.shown()),
            );
        }
        if let Some(doubtful) = form.doubtful {
            let message = format!(
                "There is only one column, and its name holds {}. If that separates the columns, choose it \
                 (--separator).",
                doubtful.shown()
            );
            self.note(Some(1), message);
        }
        if let Some(line) = form.backslashes {
            let message = format!(
                "Quotes within the texts are written with a backslash (\\\"), first on line {line}, not doubled. Choose \
                 how to read them: --quote backslash, or --quote double to keep the backslashes."
            );
            self.notes.push(Problem::error(None, message));
        }
        self
    }

    fn noting_name(mut self, named: Option<DatasetType>) -> Self {
        use schema::TextEnum as _;
        if named != Some(self.kind) {
            let message = match self.kind {
                DatasetType::ProjectJson if self.is_object => {
                    "The file is a JSON object, which its name does not say. It was read as one.".to_owned()
                }
                DatasetType::ProjectJson => {
                    "The file is a JSON list, which its name does not say. It was read as one.".to_owned()
                }
                kind => format!(
                    "The file is a {}, which its name does not say. It was read as one.",
                    kind.label()
                ),
            };
            self.note(None, message);
        }
        self
    }

    fn note(&mut self, line: Option<u64>, message: impl Into<String>) {
        self.notes.push(Problem::warning(line, message));
    }

    /// What separates the fields of CSV, and how its quotes are written.
    pub(crate) fn grammar(&self) -> Grammar {
        let plain = Grammar { separator: Separator::COMMA, line_break: b'\n', quote: Quote::Double };
        self.csv.map_or(plain, |csv| csv.grammar)
    }

    /// Whether the first line of CSV only names the separator.
    pub(crate) fn separator_line(&self) -> bool {
        self.csv.is_some_and(|csv| csv.separator_line)
    }

    /// Whether its bytes are the text itself.
    pub(crate) fn is_plain(&self) -> bool {
        self.packing.is_none() && self.encodings.read_as.is_utf8()
    }

    /// What is chosen or found about how it is read: where nothing was chosen, how it is read best.
    pub(crate) fn found(&self) -> ReadOptions {
        let csv = self.csv;
        ReadOptions {
            separator: csv.map(|csv| csv.grammar.separator),
            encoding: (self.kind != DatasetType::ProjectParquet)
                .then(|| self.encodings.guessed.unwrap_or(self.encodings.read_as)),
            quote: csv
                .map(|csv| if csv.backslashes.is_some() { Quote::Backslash } else { csv.grammar.quote }),
            list: self.list.clone(),
            ..ReadOptions::default()
        }
    }
}

/// The error of a file whose name says that it is packed.
fn not_packed(path: &Path, named: Packing) -> Error {
    let name = named.name();
    let message = format!(
        "{} is not packed with {name} as its name says, or it is damaged at its start.",
        path.display()
    );
    Error::new(ErrorCode::Invalid, message)
        .hint("Get the file again. If it is not packed, take the last ending off its name.")
}

const BY_COLUMN: &str = "The file holds its rows column by column. They were read so; if it is one row instead, put it into \
     brackets: [{…}].";

const SPREAD_OBJECTS: &str = "The objects of the file go over several lines; JSON Lines has one object a line. \
     Write each object on one line, or all of them as a list: [{…}, {…}].";

/// Whether the lines are sentences rather than rows: none has a second field, and the first ends as a
/// sentence does.
fn is_prose(head: &Head, form: &CsvForm) -> bool {
    let text = String::from_utf8_lossy(&head.bytes);
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let sentence = |line: &str| {
        let line = line.trim();
        line.ends_with(['.', '!', '?', ':', ','])
            && line.split_whitespace().count() > 3
            && !line.starts_with('"')
    };
    !form.is_table && lines.next().is_some_and(sentence)
}

fn prose(path: &Path) -> Error {
    Error::new(ErrorCode::Invalid, format!("{} is plain text without columns.", path.display())).hint(
        "Name the column on the first line, such as text, and put quotes around texts with commas. \
         If the first line does name the columns, choose the separator (--separator).",
    )
}
