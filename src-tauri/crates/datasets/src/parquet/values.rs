//! The values of a Parquet file as those of JSON.

use jiff::Timestamp;
use parquet::{
    basic::{ConvertedType, LogicalType, Repetition, TimeUnit},
    record::{Field, Row},
    schema::types::Type,
};
use prompts::{Number, Object, Value};

use crate::problem::Problem;

/// Makes values of JSON, and notes for each column what JSON has no form for.
pub(super) struct Values<'a> {
    root: &'a Type,
    /// For each column, what was noted of it.
    noted: Vec<Notes>,
    /// What was noted in the latest row: the column, and what.
    new: Vec<(usize, Note)>,
}

/// What JSON has no form for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Note {
    NotFinite,
    Bytes,
    RepeatedKey,
}

#[derive(Default, Clone)]
struct Notes(Vec<Note>);

impl Notes {
    fn add(&mut self, note: Note) {
        if !self.0.contains(&note) {
            self.0.push(note);
        }
    }
}

impl<'a> Values<'a> {
    pub(super) fn new(root: &'a Type) -> Self {
        Self { root, noted: vec![Notes::default(); root.get_fields().len()], new: Vec::new() }
    }

    /// The values of a row by the names of their columns.
    pub(super) fn row(&mut self, row: Row) -> Object {
        let mut object = Object::with_capacity(row.len());
        for (at, (name, field)) in row.into_columns().into_iter().enumerate() {
            let mut notes = Notes::default();
            let value = match field {
                Field::Str(text) => Value::String(text),
                other => value(&other, self.root.get_fields().get(at).map(|field| &**field), &mut notes),
            };
            object.insert(name, value);
            if let Some(noted) = self.noted.get_mut(at) {
                for note in notes.0 {
                    if !noted.0.contains(&note) {
                        noted.add(note);
                        self.new.push((at, note));
                    }
                }
            }
        }
        object
    }

    /// Warnings about the latest row, whose number is `row`: what no earlier row had in the same column.
    pub(super) fn take_warnings(&mut self, row: u64) -> Vec<Problem> {
        let new = self.take_notes();
        new.into_iter().map(|(at, note)| note.warning(self.root, at, row)).collect()
    }

    /// What was noted in the latest row and in no earlier one: the column, and what.
    pub(super) fn take_notes(&mut self) -> Vec<(usize, Note)> {
        std::mem::take(&mut self.new)
    }
}

impl Note {
    /// The warning about the first row that has it in a column.
    pub(super) fn warning(self, root: &Type, column: usize, row: u64) -> Problem {
        let name = root.get_fields().get(column).map_or("", |field| field.name());
        Problem::warning(None, format!("From row {row} on '{name}' {}.", self.clause())).row(row).field(name)
    }

    /// What a column with it does.
    pub(super) fn clause(self) -> &'static str {
        match self {
            Self::NotFinite => "holds NaN or infinity, which JSON has no form for; they are read as null",
            Self::Bytes => "holds bytes that are no text; they are read as Base64",
            Self::RepeatedKey => "holds a map with a key that is there twice; the last one counts",
        }
    }
}

/// Whether values of that type, which have 64 bits, are numbers as they stand.
pub(super) fn is_whole(of: &Type) -> bool {
    matches!(of.get_basic_info().converted_type(), ConvertedType::INT_64 | ConvertedType::NONE)
        && Times::from_type(of).is_none()
}

/// The value of a field of that type, and what was noted of it.
pub(super) fn noted(field: &Field, of: &Type) -> (Value, Vec<Note>) {
    let mut notes = Notes::default();
    let value = value(field, Some(of), &mut notes);
    (value, notes.0)
}

/// Whether values of that type are texts, if their bytes are.
pub(super) fn is_text(of: &Type) -> bool {
    matches!(
        of.get_basic_info().converted_type(),
        ConvertedType::UTF8
            | ConvertedType::ENUM
            | ConvertedType::JSON
            | ConvertedType::BSON
            | ConvertedType::NONE
    )
}

/// The value of a field, by the type of its column where the field itself has less information.
fn value(field: &Field, of: Option<&Type>, notes: &mut Notes) -> Value {
    match field {
        Field::Null => Value::Null,
        Field::Bool(value) => Value::Bool(*value),
        Field::Str(text) => Value::String(text.clone()),
        Field::Group(row) => {
            let fields = of.filter(|of| of.is_group()).map(Type::get_fields);
            let part = |(at, (name, field)): (usize, (&String, &Field))| {
                let of = fields.and_then(|fields| fields.get(at)).map(|field| &**field);
                (name.clone(), value(field, of, notes))
            };
            Value::Object(row.get_column_iter().enumerate().map(part).collect())
        }
        Field::ListInternal(list) => {
            let of = of.and_then(element);
            list.elements().iter().map(|field| value(field, of, notes)).collect()
        }
        Field::MapInternal(map) => {
            let pair = of.and_then(|of| of.get_fields().first());
            let part = |at: usize| pair.and_then(|pair| pair.get_fields().get(at)).map(|field| &**field);
            let (of_key, of_value) = (part(0), part(1));
            let mut object = Object::new();
            for (key, field) in map.entries() {
                let key = match value(key, of_key, notes) {
                    Value::String(key) => key,
                    other => other.to_string(),
                };
                if object.insert(key, value(field, of_value, notes)).is_some() {
                    notes.add(Note::RepeatedKey);
                }
            }
            Value::Object(object)
        }
        // Older programs write texts without saying that they are.
        Field::Bytes(bytes) => match std::str::from_utf8(bytes.data()) {
            Ok(text) => text.into(),
            Err(_) => {
                notes.add(Note::Bytes);
                field.to_json_value().into()
            }
        },
        // The shortest number that is the same 32-bit one.
        Field::Float(number) => float(number.to_string().parse().unwrap_or(f64::NAN), notes),
        Field::Float16(number) => float(f64::from(*number), notes),
        Field::Double(number) => float(*number, notes),
        Field::Long(number) | Field::TimestampMillis(number) | Field::TimestampMicros(number) => {
            match of.and_then(Times::from_type) {
                Some(times) => times.text(*number).into(),
                None => field.to_json_value().into(),
            }
        }
        other => other.to_json_value().into(),
    }
}

fn float(number: f64, notes: &mut Notes) -> Value {
    Number::from_f64(number).map_or_else(
        || {
            notes.add(Note::NotFinite);
            Value::Null
        },
        Value::Number,
    )
}

/// The type of a list's elements, by the rules of the format for lists of older programs as well.
fn element(list: &Type) -> Option<&Type> {
    if list.get_basic_info().converted_type() != ConvertedType::LIST {
        return (list.get_basic_info().has_repetition()
            && list.get_basic_info().repetition() == Repetition::REPEATED)
            .then_some(list);
    }
    let repeated = list.get_fields().first()?;
    match repeated.is_group().then(|| repeated.get_fields()) {
        Some([only]) if repeated.name() != "array" && !repeated.name().ends_with("_tuple") => Some(only),
        _ => Some(repeated),
    }
}

/// What a column of times counts.
#[derive(Clone, Copy)]
struct Times {
    unit: TimeUnit,
    since: Since,
}

#[derive(Clone, Copy, PartialEq)]
enum Since {
    /// 1970 in UTC.
    Epoch,
    /// 1970 by a clock of no zone.
    LocalEpoch,
    Midnight,
}

impl Times {
    fn from_type(of: &Type) -> Option<Self> {
        match of.get_basic_info().logical_type_ref()? {
            LogicalType::Timestamp(of) if of.is_adjusted_to_u_t_c => {
                Some(Self { unit: of.unit, since: Since::Epoch })
            }
            LogicalType::Timestamp(of) => Some(Self { unit: of.unit, since: Since::LocalEpoch }),
            LogicalType::Time(of) => Some(Self { unit: of.unit, since: Since::Midnight }),
            _ => None,
        }
    }

    /// As the library writes those that it knows, but for the zone where there is none.
    fn text(self, count: i64) -> String {
        let (nanoseconds, digits) = match self.unit {
            TimeUnit::MILLIS => (1_000_000, 3),
            TimeUnit::MICROS => (1_000, 6),
            TimeUnit::NANOS => (1, 9),
        };
        let count_ns = i128::from(count) * nanoseconds;
        if self.since == Since::Midnight {
            let (seconds, rest) = (count_ns.div_euclid(1_000_000_000), count_ns.rem_euclid(1_000_000_000));
            let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, rest / nanoseconds);
            return format!("{hours:02}:{minutes:02}:{:02}.{rest:0digits$}", seconds % 60);
        }
        // A time beyond the years that have four digits stays a number.
        let Ok(date) = Timestamp::from_nanosecond(count_ns) else { return count.to_string() };
        let zone = if self.since == Since::Epoch { " +00:00" } else { "" };
        format!("{}{zone}", date.strftime(&format!("%Y-%m-%d %H:%M:%S.%{digits}f")))
    }
}
