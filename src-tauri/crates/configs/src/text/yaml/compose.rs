//! The nodes of a YAML text, with aliases resolved but not copied.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use granit_parser::{Event, Parser, ScalarStyle, Span, StrInput, StructureStyle, Tag};

use super::words;
use crate::TextProblem;

/// The most values that a text may stand for with its aliases written out. A text of a few lines can
/// stand for billions.
const MAX_VALUES: usize = 100_000;

/// How deep lists and maps may lie in each other, as in JSON.
const MAX_DEPTH: usize = 128;

/// The index of a node.
pub(super) type NodeId = usize;

pub(super) struct Node {
    pub(super) content: Content,
    /// The tag without the prefix of YAML's own, such as `str`; those of others are whole.
    pub(super) tag: Option<String>,
    /// The line, from 1.
    pub(super) line: usize,
    /// The character in the line, from 1.
    pub(super) column: usize,
    /// The number of values in it, with its aliases written out.
    values: usize,
    depth: usize,
}

pub(super) enum Content {
    Scalar {
        text: String,
        /// Whether it has no quotes, so that its text decides its type.
        plain: bool,
    },
    List(Vec<NodeId>),
    Map(Vec<(NodeId, NodeId)>),
}

pub(super) struct Document {
    pub(super) nodes: Vec<Node>,
    pub(super) root: Option<NodeId>,
}

/// A list or map that is not closed yet.
struct Open {
    node: Node,
    is_map: bool,
    /// Whether it is in brackets or braces.
    is_flow: bool,
    anchor: usize,
    children: Vec<NodeId>,
}

struct Composer {
    document: Document,
    open: Vec<Open>,
    /// The node of each anchor; `None` while it is open.
    anchors: HashMap<usize, Option<NodeId>>,
    /// The names of the anchors.
    names: HashSet<String>,
    documents: usize,
    /// Where tabs are allowed: quoted texts, block texts and comments. In bytes.
    with_tabs: Vec<Range<usize>>,
}

pub(super) fn compose(text: &str) -> Result<Document, TextProblem> {
    words::check_characters(text)?;
    let options = granit_parser::options! {
        block_scalar_eof_without_line_feed: true,
        emit_anchor_events: true,
        max_buffered_comment_events: usize::MAX,
    };
    let mut composer = Composer {
        document: Document { nodes: Vec::new(), root: None },
        open: Vec::new(),
        anchors: HashMap::new(),
        names: HashSet::new(),
        documents: 0,
        with_tabs: Vec::new(),
    };
    let mut parser: Parser<'_, StrInput<'_>> = Parser::new_from_str_with_options(text, options);
    while let Some(next) = parser.next_event() {
        let (event, span) = next.map_err(|error| words::of_scan_error(text, &error))?;
        composer.take(event, span)?;
    }
    words::check_tabs(text, &composer.with_tabs)?;
    Ok(composer.document)
}

impl Composer {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), TextProblem> {
        let (line, column) = (span.start.line(), span.start.col() + 1);
        let node = |content, tag: Option<_>| Node {
            content,
            tag: tag.and_then(|tag: std::borrow::Cow<'_, Tag>| tag_name(&tag)),
            line,
            column,
            values: 1,
            depth: 1,
        };
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    let message = "A second document begins here. A config is one: delete this line and what is before or after it.";
                    return Err(TextProblem::at(message, line, column));
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain;
                if !plain {
                    self.allow_tabs(span);
                } else if self.open.last().is_some_and(|open| open.is_flow)
                    && (text.contains('?')
                        || text.starts_with(':')
                        || (tag.is_some() && span.start.index() == span.end.index()))
                {
                    return Err(TextProblem::at(words::IN_BRACKETS, line, column));
                }
                // The parser writes ~ for a value that is left out.
                let is_left_out = plain && span.start.index() == span.end.index();
                let text = if is_left_out { String::new() } else { text.into_owned() };
                let node = node(Content::Scalar { text, plain }, tag);
                let id = self.add(node);
                self.anchors.insert(anchor, Some(id));
                self.place(id, line, column)?;
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.open(node(Content::List(Vec::new()), tag), false, style, anchor)?;
            }
            Event::MappingStart(style, anchor, tag) => {
                self.open(node(Content::Map(Vec::new()), tag), true, style, anchor)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close()?,
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some(Some(id)) => self.place(*id, line, column)?,
                _ => {
                    return Err(TextProblem::at("This alias stands inside what it refers to.", line, column));
                }
            },
            Event::Anchor(_, name) => {
                if !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
                    let message = format!(
                        "The name of an anchor has letters, digits, - and _ alone, unlike &{name}. Put a text that begins with & in quotes."
                    );
                    return Err(TextProblem::at(message, line, column));
                }
                if !self.names.insert(name.to_string()) {
                    let message =
                        format!("The anchor &{name} is defined a second time. Rename one of the two.");
                    return Err(TextProblem::at(message, line, column));
                }
            }
            Event::Comment(..) => self.allow_tabs(span),
            _ => {}
        }
        Ok(())
    }

    fn allow_tabs(&mut self, span: Span) {
        if let (Some(start), Some(end)) = (span.start.byte_offset(), span.end.byte_offset()) {
            self.with_tabs.push(start..end);
        }
    }

    fn add(&mut self, node: Node) -> NodeId {
        self.document.nodes.push(node);
        self.document.nodes.len() - 1
    }

    fn open(
        &mut self,
        node: Node,
        is_map: bool,
        style: StructureStyle,
        anchor: usize,
    ) -> Result<(), TextProblem> {
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(node.line, node.column));
        }
        self.anchors.insert(anchor, None);
        let is_flow = style == StructureStyle::Flow;
        self.open.push(Open { node, is_map, is_flow, anchor, children: Vec::new() });
        Ok(())
    }

    fn close(&mut self) -> Result<(), TextProblem> {
        let Some(Open { mut node, is_map, anchor, children, .. }) = self.open.pop() else { return Ok(()) };
        node.content = if is_map {
            Content::Map(children.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect())
        } else {
            Content::List(children)
        };
        let (line, column) = (node.line, node.column);
        let id = self.add(node);
        self.anchors.insert(anchor, Some(id));
        self.place(id, line, column)
    }

    /// Puts a node into the list or map that is open, or makes it the document.
    fn place(&mut self, id: NodeId, line: usize, column: usize) -> Result<(), TextProblem> {
        let (values, depth) = (self.document.nodes[id].values, self.document.nodes[id].depth);
        let Some(parent) = self.open.last_mut() else {
            self.document.root = Some(id);
            return Ok(());
        };
        parent.children.push(id);
        parent.node.values = parent.node.values.saturating_add(values);
        parent.node.depth = parent.node.depth.max(depth + 1);
        if parent.node.values > MAX_VALUES {
            let message = format!(
                "With its aliases (*) written out, this text has more than {MAX_VALUES} values. A config has a few dozen: delete the aliases."
            );
            return Err(TextProblem::at(message, line, column));
        }
        if parent.node.depth > MAX_DEPTH {
            return Err(too_deep(line, column));
        }
        Ok(())
    }
}

fn too_deep(line: usize, column: usize) -> TextProblem {
    let message = format!("Lists and maps lie more than {MAX_DEPTH} deep in each other here.");
    TextProblem::at(message, line, column)
}

/// The name of a tag; `None` for `!`, which leaves the type open.
fn tag_name(tag: &Tag) -> Option<String> {
    let (handle, suffix) = tag.parts();
    let whole = format!("{handle}{suffix}");
    match whole.strip_prefix("tag:yaml.org,2002:") {
        Some(own) => Some(own.to_owned()),
        None => Some(whole),
    }
}
