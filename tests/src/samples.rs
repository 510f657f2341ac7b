//! Data of our own making, the same at every run.

use std::fmt::Write;

use serde_json::{Value, json};

/// What a customer wants, and how they may say it. `{}` stands for an event.
const WISHES: &[(&str, &str)] = &[
    ("cancel_ticket", "Please cancel my ticket for {}."),
    ("cancel_ticket", "Ich möchte mein Ticket für {} zurückgeben."),
    ("upgrade_ticket", "Can I get a better seat for {}, \"near the stage\" if possible?"),
    ("find_event", "When is {}?\nAnd where?"),
    ("refund", "{} was called off, how do I get my money back?"),
    ("refund", "{}のチケットを払い戻してください。"),
];

const EVENTS: &[&str] = &["the derby", "the opera, act two", "la fête", "Łódź Jazz", "the 🎭 night"];

/// The columns of [`tickets_csv`].
pub const TICKET_COLUMNS: [&str; 2] = ["instruction", "intent"];

/// The row at an index: an instruction, unlike all others, and its intent.
pub fn ticket(index: usize) -> [String; 2] {
    let (intent, wish) = WISHES[index % WISHES.len()];
    let event = EVENTS[index % EVENTS.len()];
    [format!("{} ({index})", wish.replace("{}", event)), intent.to_owned()]
}

/// A CSV file of customers' wishes with quotes, line breaks inside fields and many scripts.
pub fn tickets_csv(rows: usize) -> String {
    let mut csv = TICKET_COLUMNS.join(",") + "\r\n";
    for index in 0..rows {
        let [instruction, intent] = ticket(index);
        write!(csv, "\"{}\",{intent}\r\n", instruction.replace('"', "\"\"")).expect("text can grow");
    }
    csv
}

/// The same rows, one JSON object a line.
pub fn tickets_jsonl(rows: usize) -> String {
    (0..rows).map(|index| ticket_object(index).to_string() + "\n").collect()
}

/// The same rows as one JSON array.
pub fn tickets_json(rows: usize) -> String {
    Value::from_iter((0..rows).map(ticket_object)).to_string()
}

fn ticket_object(index: usize) -> Value {
    let [instruction, intent] = ticket(index);
    json!({ "instruction": instruction, "intent": intent })
}
