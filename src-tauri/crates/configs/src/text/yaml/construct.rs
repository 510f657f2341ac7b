//! The value of a YAML document, as PyYAML's `safe_load` makes it.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::{
    compose::{Content, Document, Node, NodeId},
    impossible::Impossible,
    notes,
    scalar::Scalar,
};
use crate::{SettingMark, TextProblem, text::repeated_key};

/// The most notes on one text.
const MAX_NOTES: usize = 50;

pub(super) struct Constructor<'a> {
    document: &'a Document,
    /// The keys and indexes that lead to the node in hand, such as `datasets` and `[0]`.
    path: Vec<String>,
    /// The scalars that were looked at: an anchored one is met again with every alias.
    seen: HashSet<NodeId>,
    pub(super) notes: Vec<SettingMark>,
}

/// A key with what identifies it in Python, and its value.
type Entry = (Scalar, NodeId);

impl<'a> Constructor<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        Self { document, path: Vec::new(), seen: HashSet::new(), notes: Vec::new() }
    }

    pub(super) fn value(&mut self, id: NodeId) -> Result<Value, TextProblem> {
        let node = &self.document.nodes[id];
        match (&node.content, node.tag.as_deref()) {
            (Content::Scalar { .. }, _) => {
                let scalar = self.scalar(id)?;
                if matches!(scalar, Scalar::Merge | Scalar::Equals) {
                    return Err(problem(
                        node,
                        "This sign has a meaning of its own as a value. Put it in quotes.",
                    ));
                }
                Ok(scalar.into_value())
            }
            (Content::List(items), None | Some("seq" | "!")) => {
                let mut values = Vec::with_capacity(items.len());
                for (at, item) in items.iter().enumerate() {
                    values.push(self.within(format!("[{at}]"), |this| this.value(*item))?);
                }
                Ok(Value::Array(values))
            }
            (Content::Map(_), None | Some("map" | "!")) => {
                let mut object = Map::new();
                for (key, value) in self.entries(id)? {
                    let key = key.into_key();
                    let value = self.within(key.clone(), |this| this.value(value))?;
                    object.insert(key, value);
                }
                Ok(Value::Object(object))
            }
            (_, Some(tag)) => Err(unknown_tag(node, tag)),
        }
    }

    fn within<T>(&mut self, part: String, then: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(part);
        let made = then(self);
        self.path.pop();
        made
    }

    fn scalar(&mut self, id: NodeId) -> Result<Scalar, TextProblem> {
        let node = &self.document.nodes[id];
        let Content::Scalar { text, plain } = &node.content else {
            return Err(problem(node, "A list or a map can't be a key. Write a text."));
        };
        let scalar = match node.tag.as_deref() {
            // The tag ! leaves the type open, in quotes as well.
            tag if tag.map_or(*plain, |tag| tag == "!") => {
                Scalar::from_plain(text).map_err(|what| match what {
                    Impossible::Number => {
                        problem(node, format!("{text} is no number. Put it in quotes if it is a text."))
                    }
                    Impossible::Date => {
                        problem(node, format!("There is no date {text}. Put it in quotes if it is a text."))
                    }
                })?
            }
            None => Scalar::Text(text.clone()),
            Some(tag @ ("str" | "null" | "bool" | "int" | "float" | "timestamp")) => {
                Scalar::from_tagged(tag, text)
                    .ok_or_else(|| problem(node, format!("The tag !!{tag} does not fit {text:?}.")))?
            }
            Some(tag) => return Err(unknown_tag(node, tag)),
        };
        if *plain && node.tag.is_none() && self.notes.len() < MAX_NOTES && self.seen.insert(id) {
            self.notes.extend(notes::on_value(&self.path, text, &scalar));
        }
        Ok(scalar)
    }

    /// The keys and values of a map, in the order of Python's dictionary: what `<<` merges into it comes
    /// first, and its own keys win.
    fn entries(&mut self, id: NodeId) -> Result<Vec<Entry>, TextProblem> {
        let document = self.document;
        let node = &document.nodes[id];
        let Content::Map(pairs) = &node.content else {
            return Err(problem(node, "Only a map, or a list of maps, can be merged with <<."));
        };
        let (mut merged, mut own) = (Vec::new(), Vec::new());
        let mut keys: HashSet<String> = HashSet::new();
        for (key, value) in pairs {
            let key_node = &document.nodes[*key];
            let scalar = self.key(*key)?;
            if scalar == Scalar::Merge {
                merged.extend(self.merged(*value)?);
                continue;
            }
            if !keys.insert(scalar.identity()) {
                return Err(problem(key_node, repeated_key(&scalar.into_key())));
            }
            own.push((scalar, *value));
        }
        let mut entries: Vec<Entry> = Vec::with_capacity(merged.len() + own.len());
        let mut places: HashMap<String, usize> = HashMap::new();
        for (key, value) in merged.into_iter().chain(own) {
            match places.get(&key.identity()) {
                Some(place) => entries[*place].1 = value,
                None => {
                    places.insert(key.identity(), entries.len());
                    entries.push((key, value));
                }
            }
        }
        Ok(entries)
    }

    fn key(&mut self, id: NodeId) -> Result<Scalar, TextProblem> {
        let node = &self.document.nodes[id];
        if let (Content::Scalar { text, plain: true }, None) = (&node.content, &node.tag)
            && text.is_empty()
        {
            return Err(problem(node, "This is not YAML: the key in front of the colon is missing."));
        }
        let seen = self.seen.contains(&id);
        // What is said of values does not hold for keys.
        self.seen.insert(id);
        let key = self.scalar(id)?;
        if let (Content::Scalar { text, .. }, false) = (&node.content, seen) {
            self.notes.extend(notes::on_key(&self.path, text, &key));
        }
        Ok(key)
    }

    /// The entries that `<<` brings in. Of a list of maps, the first has the last word.
    fn merged(&mut self, id: NodeId) -> Result<Vec<Entry>, TextProblem> {
        match &self.document.nodes[id].content {
            Content::List(maps) => {
                let mut entries = Vec::new();
                for map in maps.iter().rev() {
                    entries.extend(self.entries(*map)?);
                }
                Ok(entries)
            }
            _ => self.entries(id),
        }
    }
}

fn problem(node: &Node, message: impl Into<String>) -> TextProblem {
    TextProblem::at(message, node.line, node.column)
}

fn unknown_tag(node: &Node, tag: &str) -> TextProblem {
    problem(
        node,
        format!("The tag {tag} has no meaning in a config. Put a text that begins with ! in quotes."),
    )
}
